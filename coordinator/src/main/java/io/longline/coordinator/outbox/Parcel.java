package io.longline.coordinator.outbox;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one shard has for a callback and wants carried now.
 *
 * @param fence under which the shard's lease is held
 * @param joins whether it may go in one request with those of other shards
 * @param end is told what came of it; of what it is told again it hears nothing
 */
record Parcel(Stream stream, long fence, List<Ref> refs, boolean joins, End end) {

    Parcel {
        end = new Once(end);
    }

    /** Whoever is not sure whether it was told may tell it again. */
    private record Once(End end, AtomicBoolean came) implements End {
        Once(End end) {
            this(end, new AtomicBoolean());
        }

        @Override
        public void come(DeliveryOutcome outcome, String why) {
            if (came.compareAndSet(false, true)) {
                end.come(outcome, why);
            }
        }
    }

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
