package io.longline.coordinator.backlog;

import io.longline.coordinator.outbox.Stream;

/**
 * How a stream stands behind which there is something.
 *
 * @param events in the stream
 * @param bytes of their payload
 * @param rows how many are in MySQL, about
 * @param back up to which seq they came back
 * @param out up to which MySQL may have some
 */
record Standing(Stream stream, long events, long bytes, Tail tail, long rows, long back, long out) {

    /**
     * What came last.
     *
     * @param bytes of payload
     * @param firstSeq 0: there is nothing
     */
    record Tail(long events, long bytes, long firstSeq) {}

    /** Up to which seq MySQL has nothing that is not in the stream, or was. */
    long settled() {
        boolean isPast = tail.firstSeq == 0 || tail.firstSeq > out;
        return rows == 0 && isPast ? out : back;
    }
}
