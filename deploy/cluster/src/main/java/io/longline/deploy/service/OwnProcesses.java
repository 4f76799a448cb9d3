package io.longline.deploy.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs each service in a process of its own, on the same Java, class path and JVM flags as this one. */
public final class OwnProcesses implements ServiceHost {
    private final String mainClass;
    private final Consumer<String> output;

    /**
     * Creates a host.
     *
     * @param mainClass understands {@code service NAME --key=value... --end-with-parent}
     * @param output is given each line that a process writes, behind the name of its instance
     */
    public OwnProcesses(String mainClass, Consumer<String> output) {
        this.mainClass = mainClass;
        this.output = output;
    }

    /** Its ports are chosen here, so that they stay the same when the process has to be started again. */
    @Override
    public RunningService start(ServicePlan plan) {
        int port = plan.kind().portKey().isEmpty() || plan.port() != 0 ? plan.port() : freePort();
        ServicePlan fixed = plan.on(port, plan.admin() != 0 ? plan.admin() : freePort());
        ServiceChild child = new ServiceChild(fixed.instance(), command(fixed), output);
        child.start();
        return new RunningService(fixed, fixed.port(), fixed.admin(), child);
    }

    private List<String> command(ServicePlan plan) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of("service", plan.kind().word(), "--end-with-parent"));
        plan.flags().forEach((key, value) -> command.add("--" + key + "=" + value));
        return command;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
