package io.longline.bench.command;

import io.longline.bench.failure.Commits;
import io.longline.bench.failure.CommitsReport;
import io.longline.bench.failure.CommitsRow;
import io.longline.bench.failure.CommitsSize;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code longline bench commits}: what slow commits of MySQL do to pushes that do not wait for them. */
@Command(
        name = "commits",
        description =
                "Pushes at a steady pace to a product of each durability, without and with a delay of MySQL's commits,"
                        + " and measures how long answers take. Exit code 1 if a push of durability redis was refused.")
final class CommitsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--redis",
            paramLabel = "N",
            defaultValue = "200",
            description = "Pushes a second (${DEFAULT-VALUE}).")
    private int redis;

    @Option(
            names = "--mysql",
            paramLabel = "N",
            defaultValue = "100",
            description = "Pushes a second (${DEFAULT-VALUE}).")
    private int mysql;

    @Option(
            names = "--delay-ms",
            paramLabel = "MS",
            defaultValue = "2000",
            description = "Of commits (${DEFAULT-VALUE}).")
    private long delayMs;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Of a stretch (${DEFAULT-VALUE}).")
    private long seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Without and with (${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private final BenchOutput output = new BenchOutput();

    @Override
    public Integer call() {
        CommitsSize size = size();
        PrintWriter out = spec.commandLine().getOut();
        List<CommitsRow> rows = output.inFolder(out, folder -> new Commits(size, out::println).run(folder));
        CommitsReport.print(rows, out);
        output.write(CommitsReport.json(rows));
        return rows.stream().allMatch(CommitsRow::isWhole) ? 0 : 1;
    }

    private CommitsSize size() {
        try {
            return new CommitsSize(redis, mysql, Duration.ofMillis(delayMs), Duration.ofSeconds(seconds), rounds);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
