package io.longline.deploy.faults;

import io.longline.deploy.service.Child;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A part is a process, what it says of itself, and its log. */
record ProcessPart(
        String name,
        PartKind kind,
        Child child,
        BooleanSupplier readiness,
        Supplier<Map<String, Double>> counts,
        Path log)
        implements Part {

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public boolean isRunning() {
        return child.isRunning();
    }

    @Override
    public void kill() {
        child.kill();
    }

    @Override
    public void stop() {
        child.stop();
    }

    @Override
    public void resume() {
        child.resume();
    }

    @Override
    public void restart() {
        child.restart();
    }

    @Override
    public boolean isReady() {
        return readiness.getAsBoolean();
    }

    @Override
    public Map<String, Double> metrics() {
        return counts.get();
    }
}
