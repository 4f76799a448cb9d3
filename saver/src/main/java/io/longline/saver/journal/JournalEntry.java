package io.longline.saver.journal;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;

/** One thing the journal keeps. */
public sealed interface JournalEntry {
    int FIXED_BYTES = 300;

    /** What it weighs in memory, about. */
    default int bytes() {
        return FIXED_BYTES;
    }

    /** A message, stored under a seq. */
    record Row(Endpoint endpoint, long seq, String messageId, long expiresAtMs, ByteString message)
            implements JournalEntry {
        @Override
        public int bytes() {
            return FIXED_BYTES + message.size();
        }
    }

    /** The end of a copy that is neither an ack nor its time to live. A row that comes later does not undo it. */
    record Final(Endpoint endpoint, long seq, String messageId, CopyState state, String reason)
            implements JournalEntry {}

    /** What stands under this seq lives on under another one. */
    record Moved(Endpoint endpoint, long seq) implements JournalEntry {}

    /** From this version on, a number of the user's counter, {@code heir} gets what is stored for {@code default}. */
    record Heir(String product, String user, long version, String heir) implements JournalEntry {}

    /** A device that became known with a generation, or was forgotten. An older note never undoes a newer one. */
    record Device(Endpoint endpoint, long generation, long seenMs, boolean forgotten) implements JournalEntry {}
}
