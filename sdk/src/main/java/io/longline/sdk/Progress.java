package io.longline.sdk;

import io.longline.sdk.state.StateStore;

/**
 * How far the app is in one inbox, or in one topic of an endpoint, over all the links of a client's life. Positions are seqs or offsets: they
 * only grow, and each is handed over once. The thread {@code longline-app} takes messages; the others read how far it is.
 */
final class Progress {
    private final String key;
    private final StateStore store;
    private final AckBatch acks = new AckBatch();
    private volatile long finished;

    /** The listener was called with this one, in this run of the app. Of {@code longline-app}, as is the next. */
    private long begun;

    /** Its listener has returned, but the store has not yet taken that. */
    private long returned;

    Progress(String key, StateStore store) {
        this.key = key;
        this.store = store;
    }

    /** Reads the state of an earlier run. */
    void load() {
        finished = store.finished(key);
    }

    /** All up to here is finished with. */
    long finished() {
        return finished;
    }

    AckBatch acks() {
        return acks;
    }

    /** Hands one message to the app. */
    @FunctionalInterface
    interface Handing {
        void hand(boolean maybeRepeated) throws Exception;
    }

    /**
     * Hands the message over, unless it was finished with: after a lost link the room sends again what it has no ack for. Where
     * the listener throws, the message counts as begun and not finished; where the store does after it, only the record is made up for.
     */
    void take(long position, Handing handing) throws Exception {
        if (position > finished) {
            if (position != returned) {
                boolean begunBefore = position == begun || position == store.handling(key);
                store.begin(key, position);
                begun = position;
                handing.hand(begunBefore);
                returned = position;
            }
            store.finish(key, position);
            finished = position;
        }
        acks.add(finished);
    }

    /** What comes behind this position is new, whatever was finished with. The store keeps what was further: it is for the next run of the app. */
    void restart(long position) {
        finished = position;
        begun = 0;
        returned = 0;
    }
}
