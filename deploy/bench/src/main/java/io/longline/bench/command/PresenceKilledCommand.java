package io.longline.bench.command;

import io.longline.bench.measure.Machine;
import io.longline.bench.presence.PresenceKilled;
import io.longline.bench.presence.PresenceKilledSize;
import io.longline.bench.report.Report;
import io.longline.bench.report.Result;
import io.longline.bench.rig.Limits;
import io.longline.bench.rig.Rig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code longline bench presence-killed}: whether back ends are told the truth of who is there, whatever is killed. */
@Command(
        name = "presence-killed",
        description =
                "Clients come and go while coordinators, registers, rooms and Redis are killed and stopped at random, and Redis is emptied"
                        + " once. Then all is healed and everybody stands still: what a callback was told last of each client, a reader of the log and"
                        + " users:batchGet are to say what clients know. Exit code 1 if they do not, or if an event of an older generation came behind a newer one.")
final class PresenceKilledCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** How much is done. */
    enum Size {
        TINY,
        SMALL,
        FULL;

        PresenceKilledSize run() {
            return switch (this) {
                case TINY -> PresenceKilledSize.TINY;
                case SMALL -> PresenceKilledSize.SMALL;
                case FULL -> PresenceKilledSize.FULL;
            };
        }
    }

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description =
                    "tiny (200 clients, seconds), small (1,000, two minutes, default), full (20,000, seven minutes).")
    private Size size = Size.SMALL;

    @Option(names = "--seed", paramLabel = "N", description = "Of an earlier run; default: a fresh one.")
    private @Nullable Long seed;

    @Option(names = "--clients", paramLabel = "N", description = "Instead of the size's.")
    private @Nullable Integer clients;

    @Option(
            names = "--changes",
            paramLabel = "N",
            description = "Clients that come or go a second, instead of the size's.")
    private @Nullable Integer changes;

    @Option(names = "--seconds", paramLabel = "N", description = "Of kills and stops, instead of the size's.")
    private @Nullable Integer seconds;

    @Option(names = "--lanes", paramLabel = "N", description = "Parts that are down at a time, instead of the size's.")
    private @Nullable Integer lanes;

    @Option(
            names = "--java",
            paramLabel = "FLAGS",
            split = " ",
            description = "JVM flags of all services, in one word, instead of -Xmx2g.")
    private List<String> java = Rig.USUAL_JAVA;

    @Mixin
    private final BenchOutput output = new BenchOutput();

    @Override
    public Integer call() {
        PresenceKilledSize chosen = chosen();
        PrintWriter out = spec.commandLine().getOut();
        long number = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
        Limits.requireFiles(
                chosen.clients() * 3 / 4); // about half are connected, and in one room where the other one is down
        Limits.requirePorts(chosen.clients());
        Result result = output.inFolder(out, folder -> run(chosen, number, folder, out));
        Report report = new Report(result, command(chosen, number), Machine.facts());
        report.print(out);
        output.write(report.json());
        return result.isGood() ? 0 : 1;
    }

    private Result run(PresenceKilledSize chosen, long number, Path folder, PrintWriter out) {
        say(out, "seed " + number);
        say(out, "starting a cluster in " + folder);
        try (Rig rig = Rig.inPairs(folder, java)) {
            long begun = System.nanoTime();
            return new PresenceKilled(
                            chosen,
                            number,
                            line -> say(
                                    out,
                                    String.format(Locale.ROOT, "%8.1f s  %s", (System.nanoTime() - begun) / 1e9, line)))
                    .run(rig);
        }
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private PresenceKilledSize chosen() {
        PresenceKilledSize usual = size.run();
        try {
            return new PresenceKilledSize(
                    clients == null ? usual.clients() : clients,
                    changes == null ? usual.changesPerSecond() : changes,
                    seconds == null ? usual.stretch() : Duration.ofSeconds(seconds),
                    lanes == null ? usual.lanes() : lanes,
                    usual.longStops());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private String command(PresenceKilledSize chosen, long number) {
        return "deploy/longline bench presence-killed --size %s --clients %d --changes %d --seconds %d --lanes %d --seed %d"
                .formatted(
                        size.name().toLowerCase(Locale.ROOT),
                        chosen.clients(),
                        chosen.changesPerSecond(),
                        chosen.stretch().toSeconds(),
                        chosen.lanes(),
                        number);
    }
}
