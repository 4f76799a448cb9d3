package io.longline.saver.message;

import io.longline.keeper.shard.Seqs;

/**
 * Where a message to a topic stands.
 *
 * @param topic empty: it is not one to a topic
 * @param offset in the log of that
 */
record OfTopic(String topic, long offset) {
    static final OfTopic NONE = new OfTopic("", 0);

    boolean isNone() {
        return topic.isEmpty();
    }

    /** An offset begins with its time. */
    long storedAtMs() {
        return Seqs.ms(offset);
    }
}
