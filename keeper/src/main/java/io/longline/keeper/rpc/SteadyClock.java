package io.longline.keeper.rpc;

import java.util.concurrent.TimeUnit;

/** The clock of this process that deadlines are told on: milliseconds since it began. Nobody sets it, and it goes on while the process is stopped. */
final class SteadyClock {
    private static final long BEGIN = System.nanoTime();

    private SteadyClock() {}

    static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - BEGIN);
    }
}
