package io.longline.coordinator.uplink;

/**
 * An uplink as it is in the store.
 *
 * @param seq greater than those before it in its stream
 * @param atMs when it was kept
 */
record Kept(long seq, long atMs, Uplink uplink) {

    /** What back ends know it by; never given twice. */
    String eventId(Stream stream) {
        return stream.type() + "." + stream.shard() + "." + seq;
    }
}
