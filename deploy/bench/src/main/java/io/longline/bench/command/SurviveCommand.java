package io.longline.bench.command;

import io.longline.deploy.check.client.Operator;
import io.longline.deploy.check.client.Tenant;
import io.longline.deploy.check.run.RunReport;
import io.longline.deploy.check.run.RunSize;
import io.longline.deploy.check.run.Survival;
import io.longline.deploy.check.run.Target;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.deploy.cluster.Folders;
import io.longline.deploy.faults.FaultCluster;
import io.longline.deploy.faults.FaultPlan;
import io.longline.deploy.service.ServiceKind;
import io.longline.keeper.product.Durability;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code longline bench survive}: a random run under random faults, judged promise by promise. */
@Command(
        name = "survive",
        description =
                "Sends, binds, drops and acks at random while processes and stores are killed, stopped, cut off and"
                        + " rolled back, and says which promise was broken by which message. Exit code 1 if any was.")
final class SurviveCommand implements Callable<Integer> {
    private static final int WIDE = 64;
    private static final int NARROW = 7;
    private static final int LIMITED_PER_S = 3;
    private static final int LIMITED_PER_HOUR_TO_A_USER = 40;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** How much is done. */
    enum Size {
        TINY,
        SMALL,
        FULL;

        RunSize run() {
            return switch (this) {
                case TINY -> RunSize.TINY;
                case SMALL -> RunSize.SMALL;
                case FULL -> RunSize.FULL;
            };
        }
    }

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "tiny (seconds), small (minutes, default), full (1,000,000 operations, 1,000 faults).")
    private Size size = Size.SMALL;

    @Option(names = "--seed", paramLabel = "N", description = "Of an earlier run; default: a fresh one.")
    private @Nullable Long seed;

    @Option(names = "--ops", paramLabel = "N", description = "Instead of the size's operations.")
    private @Nullable Integer operations;

    @Option(names = "--faults", paramLabel = "N", description = "Instead of the size's faults.")
    private @Nullable Integer faults;

    @Option(names = "--lanes", paramLabel = "N", description = "Faults side by side, instead of the size's lanes.")
    private @Nullable Integer lanes;

    @Option(
            names = "--durability",
            paramLabel = "mysql|redis",
            description = "Only products of this durability; default: one of each, and one with limits.")
    private @Nullable Durability durability;

    @Option(names = "--data", paramLabel = "DIR", description = "Stores and logs; default: a temporary folder.")
    private @Nullable Path data;

    @Override
    public Integer call() throws IOException {
        if (lanes != null && lanes < 1) {
            throw new ParameterException(spec.commandLine(), "--lanes must be at least 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        long number = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
        say(out, "seed " + number);
        Path folder = data == null ? Files.createTempDirectory("longline-survive-") : Files.createDirectories(data);
        RunReport report = run(number, folder, out);
        say(out, report.text());
        if (report.isGood() && data == null) {
            Folders.delete(folder);
        } else {
            say(out, "stores and logs are kept in " + folder);
        }
        return report.isGood() ? 0 : 1;
    }

    private RunReport run(long number, Path folder, PrintWriter out) {
        FaultPlan plan = FaultPlan.in(folder)
                .with(ServiceKind.REGISTER, 2)
                .with(ServiceKind.SAVER, 2)
                .with(ServiceKind.COORDINATOR, 2)
                .with(ServiceKind.CENTER, 2)
                .with(ServiceKind.ROOM, 2)
                .withRevival();
        long began = System.nanoTime();
        try (FaultCluster cluster = FaultCluster.start(plan)) {
            Target target = Target.of(cluster);
            List<Tenant> tenants = new ArrayList<>();
            try (Operator operator = new Operator(target.centers(), target.rooms(), DemoProduct.OPERATOR_SECRET)) {
                if (durability != Durability.REDIS) {
                    tenants.add(operator.create("survive-mysql", true, WIDE));
                }
                if (durability != Durability.MYSQL) {
                    tenants.add(operator.create("survive-redis", false, NARROW));
                }
                tenants.add(operator.createLimited(
                        "survive-limited", durability != Durability.REDIS, LIMITED_PER_S, LIMITED_PER_HOUR_TO_A_USER));
            }
            long readyAt = System.nanoTime();
            say(out, "the cluster is up after " + (readyAt - began) / 1_000_000 + " ms: " + folder);
            return new Survival(
                            number,
                            chosen(),
                            target.with(tenants),
                            Optional.of(cluster),
                            line -> say(
                                    out,
                                    String.format(
                                            Locale.ROOT, "%8.1f s  %s", (System.nanoTime() - readyAt) / 1e9, line)))
                    .run();
        }
    }

    private RunSize chosen() {
        RunSize chosen = size.run();
        chosen = operations == null ? chosen : chosen.withOperations(operations);
        chosen = faults == null ? chosen : chosen.withFaults(faults);
        return lanes == null ? chosen : chosen.withLanes(lanes);
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
