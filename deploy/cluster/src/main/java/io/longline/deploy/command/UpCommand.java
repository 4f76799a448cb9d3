package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterOptions;
import io.longline.deploy.cluster.ClusterPorts;
import io.longline.deploy.cluster.GivenStores;
import io.longline.deploy.cluster.LocalCluster;
import io.longline.deploy.cluster.RunningCluster;
import io.longline.deploy.service.OwnProcesses;
import io.longline.deploy.service.ServiceHost;
import io.longline.deploy.service.ThisProcess;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code longline up}: a whole cluster on this machine, until Ctrl-C or SIGTERM. */
@Command(
        name = "up",
        description = "Starts a whole cluster on this machine and runs it until Ctrl-C.",
        sortOptions = false)
final class UpCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;

    /** Dispatcher, register, saver, coordinator. */
    private static final int SINGLE_SERVICES = 4;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--rooms", paramLabel = "N", defaultValue = "1", description = "Rooms (${DEFAULT-VALUE}).")
    private int rooms;

    @Option(names = "--centers", paramLabel = "N", defaultValue = "1", description = "Centers (${DEFAULT-VALUE}).")
    private int centers;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Kept between runs; default: local in ~/.longline (or in LONGLINE_HOME).")
    private @Nullable Path data;

    @Option(names = "--fresh", description = "Empties the data folder first; given stores are not touched.")
    private boolean fresh;

    @Option(
            names = "--dispatcher-port",
            paramLabel = "PORT",
            defaultValue = "7000",
            description = "HTTP for clients (${DEFAULT-VALUE}); 0, here and below: any free one.")
    private int dispatcherPort;

    @Option(
            names = "--room-port",
            paramLabel = "PORT",
            defaultValue = "7100",
            description = "Links of the first room (${DEFAULT-VALUE}), the next room one higher.")
    private int roomPort;

    @Option(
            names = "--center-port",
            paramLabel = "PORT",
            defaultValue = "7200",
            description = "HTTP API of the first center (${DEFAULT-VALUE}), the next one higher.")
    private int centerPort;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "7900",
            description = "/readyz, /metrics (${DEFAULT-VALUE}), one an instance: dispatcher, register, saver,"
                    + " coordinator, centers, rooms.")
    private int adminPort;

    @Option(names = "--redis", paramLabel = "URI", description = "Use this Redis and embed none.")
    private @Nullable String redis;

    @Option(names = "--mysql", paramLabel = "JDBC-URL", description = "Use this MySQL or MariaDB and embed none.")
    private @Nullable String mysql;

    @Option(names = "--zookeeper", paramLabel = "HOSTS", description = "Use this ZooKeeper and embed none.")
    private @Nullable String zookeeper;

    @Option(
            names = "--cluster",
            paramLabel = "C",
            defaultValue = "local",
            description = "Name of the cluster in ZooKeeper (${DEFAULT-VALUE}).")
    private String cluster = "";

    @Option(names = "--processes", description = "Each service in a process of its own, started again when it dies.")
    private boolean processes;

    @Override
    public Integer call() throws InterruptedException {
        ClusterOptions options = options();
        CommandLog.toFile(options.data());
        PrintWriter out = spec.commandLine().getOut();
        ServiceHost host = processes ? OwnProcesses.revived(options.data(), out::println) : new ThisProcess();
        out.println("starting a cluster in " + options.data());
        LocalCluster local = new LocalCluster(options, host, out::println);
        Thread stop = new Thread(() -> stop(local, out), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            local.start();
        } catch (RuntimeException e) {
            if (withdrawn(stop)) {
                local.close();
            }
            throw e;
        }
        try (ClusterAccess access = new ClusterAccess(local.stores().zookeeperHosts(), options.name())) {
            new ClusterSummary(local, access).print(out);
        }
        out.println("longline is up");
        new CountDownLatch(1).await(); // until the process is told to stop
        return 0;
    }

    /** False when the process was told to stop, and the hook is at it. */
    private static boolean withdrawn(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void stop(LocalCluster local, PrintWriter out) {
        out.println("stopping");
        local.close();
        out.println("stopped");
    }

    /** From that one on, or any where it is 0. */
    private void requirePorts(String option, int first, int count) {
        if (first < 0 || first > LAST_PORT || (first > 0 && first + count - 1 > LAST_PORT)) {
            String needed = count == 1 ? "" : " for " + count + " instances, one port higher each";
            throw new ParameterException(
                    spec.commandLine(),
                    option + " is " + first + needed + "; ports are 1 to " + LAST_PORT + ", and 0 for any free one");
        }
    }

    private ClusterOptions options() {
        if (rooms < 1 || centers < 1) {
            throw new ParameterException(spec.commandLine(), "--rooms and --centers must be at least 1");
        }
        requirePorts("--dispatcher-port", dispatcherPort, 1);
        requirePorts("--room-port", roomPort, rooms);
        requirePorts("--center-port", centerPort, centers);
        requirePorts("--admin-port", adminPort, rooms + centers + SINGLE_SERVICES);
        return new ClusterOptions(
                cluster,
                rooms,
                centers,
                Optional.ofNullable(data)
                        .orElseGet(() -> RunningCluster.home().resolve("local"))
                        .toAbsolutePath()
                        .normalize(),
                fresh,
                new ClusterPorts(dispatcherPort, roomPort, centerPort, adminPort),
                new GivenStores(Optional.ofNullable(redis), Optional.ofNullable(mysql), Optional.ofNullable(zookeeper)),
                processes,
                Map.of());
    }
}
