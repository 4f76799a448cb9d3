package io.longline.deploy.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code longline audit}: one round of the auditor, now. */
@Command(
        name = "audit",
        description = "Compares rooms, register and inboxes once, mends what is wrong, and prints what it found: ghosts"
                + " (routes without session), lost sessions (sessions without route), stranded messages.",
        footer = {
            "",
            "What looks wrong is looked at again some seconds later before anything is done about it. The cluster does"
                    + " the same by itself all the time, slower. Ends with 0 also where something was found."
        })
final class AuditCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterAddress address = new ClusterAddress();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Routes and sessions looked at a second (1 to 100000); default: coordinator.audit.run-rate-per-s.")
    private int rate;

    @Option(
            names = "--findings",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many findings are printed one by one (${DEFAULT-VALUE}).")
    private int most;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        AtomicLong printed = new AtomicLong();
        try (ClusterAccess cluster = address.open();
                AuditClient audit = new AuditClient(cluster.discovery())) {
            String sum = audit.run(
                    rate,
                    new AuditClient.Told(
                            line -> {
                                if (printed.incrementAndGet() <= most) {
                                    out.println(line);
                                    out.flush();
                                }
                            },
                            line -> {
                                err.println(line);
                                err.flush();
                            }));
            if (printed.get() > most) {
                out.println("... and " + (printed.get() - most) + " more");
            }
            out.println(sum);
            return 0;
        }
    }
}
