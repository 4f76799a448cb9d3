package io.longline.coordinator.audit;

import java.time.Duration;

/** How time is let pass: {@code Thread::sleep}, but in tests. */
@FunctionalInterface
interface Pause {
    void of(Duration time) throws InterruptedException;
}
