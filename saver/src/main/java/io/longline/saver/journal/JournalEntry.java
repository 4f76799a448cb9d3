package io.longline.saver.journal;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
import java.util.List;

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

    /**
     * What was stored for {@code default} under these seqs is the device's own from now on: a later watermark of {@code
     * default} is not about it.
     */
    record TakenOver(Endpoint by, List<Long> seqs) implements JournalEntry {
        private static final int SEQ_BYTES = 24;

        public TakenOver {
            seqs = List.copyOf(seqs);
        }

        @Override
        public int bytes() {
            return FIXED_BYTES + SEQ_BYTES * seqs.size();
        }
    }

    /** From this version on, a number of the user's counter, {@code heir} gets what is stored for {@code default}. */
    record Heir(String product, String user, long version, String heir) implements JournalEntry {}

    /** A device that became known with a generation, or was forgotten. An older note never undoes a newer one. */
    record Device(Endpoint endpoint, long generation, long seenMs, boolean forgotten) implements JournalEntry {}

    /**
     * A message that is to be sent later.
     *
     * @param bodyHash empty: nobody chose its id
     * @param expiresAtMs when it ends at the latest
     */
    record Scheduled(
            String product,
            String messageId,
            ByteString bodyHash,
            long sendAtMs,
            long expiresAtMs,
            String targets,
            ByteString push)
            implements JournalEntry {
        @Override
        public int bytes() {
            return FIXED_BYTES + targets.length() + push.size();
        }
    }

    /** It was sent, or else recalled. What is scheduled by an entry that comes later does not undo it. */
    record ScheduleEnd(String product, String messageId, boolean sent, long atMs) implements JournalEntry {}

    /** A message of a topic; it never changes. */
    record TopicRow(Topic topic, long offset, String messageId, long sentAtMs, long expiresAtMs, ByteString message)
            implements JournalEntry {
        @Override
        public int bytes() {
            return FIXED_BYTES + message.size();
        }
    }

    /** What became of a broadcast, or that a message of another topic was recalled. One that was removed stays so. */
    record Settled(Topic topic, long offset, How how) implements JournalEntry {
        /** In the order of which the later one stays. */
        public enum How {
            /** Everybody may read it. */
            OPEN(1),
            /** Nobody may. */
            REMOVE(2);

            private final int code;

            How(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }

            static How of(int code) {
                return code == REMOVE.code ? REMOVE : OPEN;
            }
        }
    }

    /**
     * Whether an endpoint follows a topic. An older note never undoes a newer one.
     *
     * @param endpoint with an empty device: of the user, whatever device
     * @param from the offset after which it began to follow
     */
    record Follow(Endpoint endpoint, String topic, Says says, long from, long version) implements JournalEntry {
        /** What a client, or a back end for all devices of a user, wants of a topic. */
        public enum Says {
            /** Nothing any more: a device goes by its user. */
            NOTHING(0),
            FOLLOWS(1),
            /** Of a device: it does not follow though its user does. */
            AGAINST_USER(2);

            private final int code;

            Says(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }

            static Says of(int code) {
                return switch (code) {
                    case 1 -> FOLLOWS;
                    case 2 -> AGAINST_USER;
                    default -> NOTHING;
                };
            }
        }
    }
}
