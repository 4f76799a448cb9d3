package io.longline.center.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * A device that has been bound at least once and is not forgotten.
 *
 * @param network as the client last told it, "" if it did not
 * @param route null: offline
 */
public record KnownDevice(
        String device,
        long lastSeenMs,
        String network,
        @Nullable Route route) {}
