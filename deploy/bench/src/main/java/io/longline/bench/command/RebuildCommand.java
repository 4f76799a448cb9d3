package io.longline.bench.command;

import io.longline.bench.failure.Rebuild;
import io.longline.bench.failure.RebuildReport;
import io.longline.bench.failure.RebuildResult;
import io.longline.bench.failure.RebuildSize;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code longline bench rebuild}: how long it takes to fill an emptied Redis. */
@Command(
        name = "rebuild",
        description =
                "Binds sessions on real links, stores messages for users who are away, empties Redis and measures how"
                        + " long it takes until routes and inboxes of all shards are there again. Exit code 1 if anything was lost.")
final class RebuildCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            defaultValue = "1000",
            description = "That are bound (${DEFAULT-VALUE}).")
    private int sessions;

    @Option(
            names = "--per-link",
            paramLabel = "N",
            defaultValue = "64",
            description = "Sessions on one link, up to 64 (${DEFAULT-VALUE}).")
    private int perLink;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "10000",
            description = "That wait (${DEFAULT-VALUE}).")
    private int messages;

    @Option(
            names = "--per-user",
            paramLabel = "N",
            defaultValue = "10",
            description = "Messages that wait for one user (${DEFAULT-VALUE}).")
    private int perUser;

    @Mixin
    private final BenchOutput output = new BenchOutput();

    @Override
    public Integer call() {
        RebuildSize size = size();
        PrintWriter out = spec.commandLine().getOut();
        RebuildResult result = output.inFolder(out, folder -> new Rebuild(size, out::println).run(folder));
        RebuildReport.print(result, out);
        output.write(RebuildReport.json(result));
        return result.isComplete() ? 0 : 1;
    }

    private RebuildSize size() {
        try {
            return new RebuildSize(sessions, perLink, messages, perUser);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
