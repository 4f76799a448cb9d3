package io.longline.bench.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code longline bench}: runs that start a cluster of their own. */
@Command(
        name = "bench",
        description = "Starts a cluster of its own and measures or breaks it.",
        synopsisSubcommandLabel = "SCENARIO",
        subcommands = {
            SurviveCommand.class,
            PresenceKilledCommand.class,
            RecoverCommand.class,
            RebuildCommand.class,
            CommitsCommand.class
        })
final class BenchCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing scenario");
    }
}
