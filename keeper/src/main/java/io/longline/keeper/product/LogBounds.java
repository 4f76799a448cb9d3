package io.longline.keeper.product;

/**
 * How much the log of a topic holds; 0: as it is said elsewhere.
 *
 * @param messages the oldest leave where there are more
 * @param bytes that they take in Redis, likewise
 * @param ttlS seconds that a message stays, whatever its own time to live
 */
public record LogBounds(int messages, long bytes, int ttlS) {

    public static final LogBounds NONE = new LogBounds(0, 0, 0);

    /** Each number is the others' where it is 0 here. */
    LogBounds orElse(LogBounds others) {
        return new LogBounds(
                messages == 0 ? others.messages : messages,
                bytes == 0 ? others.bytes : bytes,
                ttlS == 0 ? others.ttlS : ttlS);
    }
}
