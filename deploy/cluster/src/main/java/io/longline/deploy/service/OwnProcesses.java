package io.longline.deploy.service;

import io.longline.stores.OwnJava;
import io.longline.stores.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs each service in a process of its own, on the same Java, class path and JVM flags as this one. */
public final class OwnProcesses implements ServiceHost {
    private final Path data;
    private final ChildOutput output;
    private final boolean revive;
    private final Guard guard;
    private final List<String> javaFlags;

    /** Services that die are started again, and end by themselves when this process is gone. */
    public static OwnProcesses revived(Path data, Consumer<String> output) {
        return new OwnProcesses(data, new ChildOutput.Lines(output), true, Guard.NONE, List.of());
    }

    /**
     * Creates a host.
     *
     * @param data the folder of the cluster, by which processes that were left are recognised
     * @param revive services that die are started again
     * @param guard ends them when this process is gone, also those that are stopped
     * @param javaFlags beside those of this process
     */
    public OwnProcesses(Path data, ChildOutput output, boolean revive, Guard guard, List<String> javaFlags) {
        this.data = data;
        this.output = output;
        this.revive = revive;
        this.guard = guard;
        this.javaFlags = List.copyOf(javaFlags);
    }

    @Override
    public RunningService start(ServicePlan plan) {
        ServicePlan fixed = fixed(plan);
        return new RunningService(fixed, fixed.port(), fixed.admin(), startChild(fixed));
    }

    /** On ports that are chosen here, so that they stay the same when the process has to be started again. */
    public static ServicePlan fixed(ServicePlan plan) {
        int port = plan.kind().portKey().isEmpty() || plan.port() != 0 ? plan.port() : Ports.free();
        return plan.on(port, plan.admin() != 0 ? plan.admin() : Ports.free());
    }

    /** Of a plan with its ports. */
    public ServiceChild startChild(ServicePlan fixed) {
        ServiceChild child = new ServiceChild(fixed.instance(), command(fixed), output, revive, guard);
        child.start();
        return child;
    }

    private List<String> command(ServicePlan plan) {
        List<String> command = new ArrayList<>();
        command.add(OwnJava.program());
        command.add(LeftServices.flag(data));
        command.addAll(OwnJava.flags());
        command.addAll(javaFlags);
        command.addAll(ServiceMain.logFlags());
        command.addAll(List.of("-cp", OwnJava.classPath(), ServiceMain.class.getName()));
        command.add(plan.kind().word());
        plan.flags().forEach((key, value) -> command.add("--" + key + "=" + value));
        return command;
    }
}
