package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.service.ServiceKind;
import io.longline.keeper.life.ServiceProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code longline service NAME}: one service in the foreground, as a unit file or a container runs it. */
@Command(
        name = "service",
        description = "Runs one service in the foreground until SIGTERM.",
        footer = {
            "",
            "Whatever else begins with -- is a key of the service's configuration",
            "with its value, such as --redis.uri=redis://10.0.0.5:6379; see the",
            "service's README."
        })
final class ServiceCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "dispatcher, register, saver, coordinator, center, room")
    private String name = "";

    @Option(names = "--zookeeper", paramLabel = "HOSTS", description = "HOST:PORT,... (key zookeeper.hosts)")
    private @Nullable String zookeeper;

    @Option(names = "--cluster", paramLabel = "C", description = "Name of the cluster in ZooKeeper (key cluster)")
    private @Nullable String cluster;

    @Option(names = "--config", paramLabel = "FILE", description = "Lines of key = value")
    private @Nullable Path config;

    @Option(names = "--listen", paramLabel = "PORT", description = "Rooms: a port for clients; repeatable")
    private List<Integer> listen = List.of();

    @Option(
            names = "--advertise",
            paramLabel = "HOST:PORT[,tls][,region=R]",
            description = "Rooms: how clients reach a port from outside; repeatable")
    private List<String> advertise = List.of();

    @Parameters(index = "1..*", hidden = true)
    private List<String> settings = List.of();

    @Override
    public Integer call() {
        ServiceKind kind = ServiceKind.of(name)
                .orElseThrow(() -> new ClusterException("there is no service " + name + "; there are "
                        + Arrays.stream(ServiceKind.values())
                                .map(ServiceKind::word)
                                .collect(Collectors.joining(", "))));
        CommandLog.toOutput();
        ServiceProcess.run(
                kind.word(),
                arguments().toArray(String[]::new),
                kind::checked,
                source -> kind.start(source).handle());
        return 0;
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(settings);
        if (config != null) {
            arguments.addAll(List.of("--config", config.toString()));
        }
        if (zookeeper != null) {
            arguments.add("--zookeeper.hosts=" + zookeeper);
        }
        if (cluster != null) {
            arguments.add("--cluster=" + cluster);
        }
        if (!listen.isEmpty()) {
            arguments.add(
                    "--room.listen=" + listen.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        if (!advertise.isEmpty()) {
            arguments.add("--room.advertise=" + String.join(",", advertise));
        }
        return arguments;
    }
}
