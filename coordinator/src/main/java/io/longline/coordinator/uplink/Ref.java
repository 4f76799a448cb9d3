package io.longline.coordinator.uplink;

/**
 * Something that waits in a stream; what it says stays in the store until it is sent.
 *
 * @param endpoint as {@link Uplink.Sender#endpoint}
 * @param size of the payload in bytes
 */
record Ref(long seq, String endpoint, int size) {}
