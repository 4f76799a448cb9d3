package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.config.ConfigException;
import io.longline.keeper.error.LonglineException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code longline}: reads which command is meant, and says in one line what went wrong. */
@Command(
        name = "longline",
        description = "A push system that you run yourself.",
        mixinStandardHelpOptions = true,
        versionProvider = LonglineMain.Release.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        subcommands = {
            UpCommand.class,
            StatusCommand.class,
            ConfigCommand.class,
            ProductCommand.class,
            TokenCommand.class,
            ListenCommand.class,
            PushCommand.class,
            KickCommand.class,
            UplinksCommand.class,
            AuditCommand.class,
            Rehearsal.class
        })
public final class LonglineMain implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new LonglineMain());
        // It hands the keys of a service's configuration on as they are.
        line.addSubcommand(new CommandLine(new ServiceCommand()).setUnmatchedOptionsArePositionalParams(true));
        ServiceLoader.load(MoreCommands.class).forEach(more -> line.addSubcommand(more.get()));
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(command.getColorScheme().errorText("longline: " + told(failure)));
                    return command.getCommandSpec().exitCodeOnExecutionException();
                });
    }

    /** The release, from the manifest of the jar. */
    static final class Release implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = LonglineMain.class.getPackage().getImplementationVersion();
            return new String[] {"longline " + (version == null ? "(not packaged)" : version)};
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    /** What its operator can do something about is told without a stack trace. */
    private static String told(Exception failure) {
        return switch (failure) {
            case ClusterException e -> text(e);
            case ConfigException e -> text(e);
            case LonglineException e -> e.code() + ": " + text(e);
            case IOException e -> withCauses(e);
            case UncheckedIOException e -> withCauses(e);
            case IllegalArgumentException e -> withCauses(e);
            default -> trace(failure);
        };
    }

    private static String text(Exception failure) {
        return String.valueOf(failure.getMessage());
    }

    private static String withCauses(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String own = Objects.requireNonNullElse(
                    each.getMessage(), each.getClass().getSimpleName());
            if (text.indexOf(own) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(own);
            }
        }
        return text.toString();
    }

    private static String trace(Exception failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
