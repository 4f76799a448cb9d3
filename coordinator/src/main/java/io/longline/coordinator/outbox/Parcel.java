package io.longline.coordinator.outbox;

import java.util.List;

/**
 * What one shard has for a callback and wants carried now.
 *
 * @param fence under which the shard's lease is held
 * @param joins whether it may go in one request with those of other shards
 * @param end is told once what came of it
 */
record Parcel(Stream stream, long fence, List<Ref> refs, boolean joins, End end) {

    long bytes() {
        return refs.stream().mapToLong(Ref::size).sum();
    }

    /** Whose requests it may share. */
    Address address() {
        return new Address(stream.product(), stream.kind());
    }

    /** Who wants to know what came of it. */
    @FunctionalInterface
    interface End {
        /**
         * Called once.
         *
         * @param why the back end does not have it; empty: it does, or was not asked
         */
        void come(DeliveryOutcome outcome, String why);

        default void come(DeliveryOutcome outcome) {
            come(outcome, "");
        }
    }

    /** A callback. */
    record Address(String product, String kind) {}
}
