package io.longline.saver.topic;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * A part of a log, in the order of offsets.
 *
 * @param more whether there is more behind it
 * @param upto everything up to here is in the page, or gone
 * @param gap 0; or, where messages in front of it left before their time, the first offset that is kept, or the next to be given
 */
record LogPage(List<Entry> entries, boolean more, long upto, long gap) {

    /** A message as it came; it may not know when it was sent. */
    record Entry(long offset, long expiresAtMs, long sentAtMs, ByteString message) {}

    /** What of it is not behind this offset. */
    LogPage within(long bound) {
        if (upto <= bound) {
            return this;
        }
        List<Entry> some =
                entries.stream().filter(entry -> entry.offset() <= bound).toList();
        return new LogPage(some, false, bound, gap);
    }

    /** The first ones alone. */
    LogPage first(int limit) {
        return entries.size() <= limit
                ? this
                : new LogPage(
                        entries.subList(0, limit), true, entries.get(limit - 1).offset(), gap);
    }
}
