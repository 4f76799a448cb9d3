package io.longline.coordinator.uplink;

/** What became of an uplink that was to be kept. */
enum KeepOutcome {
    KEPT,
    /** Kept as well, and neither a callback nor a group takes it yet. */
    UNCLAIMED,
    /** The same id of that endpoint was kept within 24 h. */
    REPEATED,
    /** The endpoint is over what it may send in a minute. */
    OVER_RATE,
    /** As many of the endpoint wait as may. */
    ENDPOINT_FULL,
    /** As many wait in the stream as may, or as many bytes. */
    STREAM_FULL
}
