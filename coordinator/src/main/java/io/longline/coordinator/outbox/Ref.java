package io.longline.coordinator.outbox;

/**
 * Something that waits in a stream; what it says stays in the store until it is sent.
 *
 * @param endpoint user and device, with a slash between them
 * @param size of the payload in bytes
 */
public record Ref(long seq, String endpoint, int size) {}
