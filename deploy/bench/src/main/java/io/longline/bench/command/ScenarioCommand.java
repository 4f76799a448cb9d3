package io.longline.bench.command;

import io.longline.bench.measure.Machine;
import io.longline.bench.report.HtmlReport;
import io.longline.bench.report.Repeated;
import io.longline.bench.report.Report;
import io.longline.bench.report.Result;
import io.longline.bench.rig.Limits;
import io.longline.bench.rig.Rig;
import io.longline.bench.scenario.Load;
import io.longline.bench.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/** {@code longline bench idle} and the others that are measured alike. */
@Command
final class ScenarioCommand implements Callable<Integer> {

    /** How much is done. */
    enum Size {
        SMALL,
        FULL
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "small",
            description = "small (about a minute, default) or full (as in RESULTS.md).")
    private Size size = Size.SMALL;

    @Option(names = "--clients", paramLabel = "N", description = "Instead of the size's.")
    private @Nullable Integer clients;

    @Option(names = "--rounds", paramLabel = "N", description = "Instead of the size's.")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "N", description = "Of a stretch, instead of the size's.")
    private @Nullable Integer seconds;

    @Option(names = "--rates", paramLabel = "N", split = ",", description = "Pushes a second, instead of the size's.")
    private @Nullable List<Integer> rates;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "The whole scenario so many times, each on a fresh cluster; tells how far the figures lie apart.")
    private int runs = 1;

    @Option(
            names = "--java",
            paramLabel = "FLAGS",
            split = " ",
            description = "JVM flags of all services, in one word, instead of -Xmx2g; to compare collectors, say.")
    private List<String> java = Rig.USUAL_JAVA;

    @Option(names = "--html", paramLabel = "FILE", description = "A page with tables and plots.")
    private @Nullable Path html;

    @Mixin
    private final BenchOutput output = new BenchOutput();

    private final Scenario scenario;

    ScenarioCommand(Scenario scenario) {
        this.scenario = scenario;
    }

    @Override
    public Integer call() {
        Load load = load();
        PrintWriter out = spec.commandLine().getOut();
        out.println(scenario.description());
        Limits.requireFiles(scenario.linksOfOne(load));
        Limits.requirePorts(scenario.linksOfOne(load));
        List<Result> results = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            if (runs > 1) {
                out.println("run " + run + " of " + runs);
            }
            results.add(output.inFolder(out, folder -> run(folder, load, out)));
        }
        Result result = runs == 1 ? results.getFirst() : Repeated.of(results);
        Report report = new Report(result, command(load), Machine.facts());
        report.print(out);
        output.write(report.json());
        if (html != null) {
            write(html, HtmlReport.of(report));
        }
        return result.isGood() ? 0 : 1;
    }

    private Result run(Path folder, Load load, PrintWriter out) {
        out.println("starting a cluster in " + folder);
        out.flush();
        try (Rig rig = new Rig(folder, scenario.rooms(load), scenario.coordinators(), java)) {
            Result result = scenario.run(rig, load, line -> {
                out.println(line);
                out.flush();
            });
            result.add(rig.stops());
            return result;
        }
    }

    private Load load() {
        if (runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runs must be at least 1");
        }
        Load usual = size == Size.SMALL ? scenario.small() : scenario.full();
        try {
            return new Load(
                    clients == null ? usual.clients() : clients,
                    rounds == null ? usual.rounds() : rounds,
                    seconds == null ? usual.stretch() : Duration.ofSeconds(seconds),
                    rates == null ? usual.rates() : rates);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private String command(Load load) {
        StringBuilder text = new StringBuilder("deploy/longline bench ")
                .append(scenario.name())
                .append(" --size ")
                .append(size.name().toLowerCase(Locale.ROOT));
        if (clients != null) {
            text.append(" --clients ").append(load.clients());
        }
        if (rounds != null) {
            text.append(" --rounds ").append(load.rounds());
        }
        if (seconds != null) {
            text.append(" --seconds ").append(load.stretch().toSeconds());
        }
        if (rates != null) {
            text.append(" --rates ")
                    .append(String.join(",", rates.stream().map(String::valueOf).toList()));
        }
        if (runs > 1) {
            text.append(" --runs ").append(runs);
        }
        if (!java.equals(Rig.USUAL_JAVA)) {
            text.append(" --java \"").append(String.join(" ", java)).append('"');
        }
        return text.toString();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
