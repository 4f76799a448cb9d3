package io.longline.room;

import java.util.function.LongSupplier;

/**
 * The clocks of the machine.
 *
 * @param wallMs milliseconds since 1970; somebody may set it
 * @param nanos only grows, also while the process is stopped
 */
public record RoomClocks(LongSupplier wallMs, LongSupplier nanos) {
    static final RoomClocks SYSTEM = new RoomClocks(System::currentTimeMillis, System::nanoTime);
}
