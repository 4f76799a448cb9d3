package io.longline.coordinator.callback;

import io.longline.keeper.config.ConfigReader;

/**
 * What all callbacks together may take of this process.
 *
 * @param inFlight requests at a time
 * @param references to events that wait, in memory
 */
public record CallbackConfig(int inFlight, int references) {
    /** Of a request: two bodies, an answer, and what is read for the next one. */
    private static final long REQUEST_BYTES = 4 << 20;

    private static final long REFERENCE_BYTES = 150;

    public static CallbackConfig read(ConfigReader reader) {
        CallbackConfig usual = ofHeap(Runtime.getRuntime().maxMemory());
        return new CallbackConfig(
                reader.integer("coordinator.callback.in-flight", usual.inFlight, 1, 100_000),
                reader.integer("coordinator.callback.references", usual.references, 1_000, 1_000_000_000));
    }

    /** A quarter of it for requests, an eighth for references. */
    static CallbackConfig ofHeap(long bytes) {
        return new CallbackConfig(
                Math.clamp(bytes / 4 / REQUEST_BYTES, 16, 4_096),
                Math.clamp(bytes / 8 / REFERENCE_BYTES, 100_000, 20_000_000));
    }
}
