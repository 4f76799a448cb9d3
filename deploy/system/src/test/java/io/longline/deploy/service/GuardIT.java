package io.longline.deploy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.stores.Signals;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GuardIT {
    private final List<Process> sleepers =
            IntStream.range(0, 4).mapToObj(i -> sleep()).toList();

    private static Process sleep() {
        try {
            return new ProcessBuilder("sleep", "60").start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() {
        sleepers.forEach(Process::destroyForcibly);
    }

    /** Its end of the pipe is closed, too, when this process is killed. */
    @Test
    void whatItWatchesEndsWithItAlsoWhatIsStoppedAndNothingElse() {
        Guard guard = Guard.start();
        sleepers.forEach(sleeper -> guard.watch(sleeper.pid()));
        guard.forget(sleepers.get(1).pid());
        Signals.stop(sleepers.get(2).pid());
        guard.close();
        await().until(() -> sleepers.stream().filter(Process::isAlive).count() == 1);
        assertThat(sleepers.get(1).isAlive()).isTrue();
    }
}
