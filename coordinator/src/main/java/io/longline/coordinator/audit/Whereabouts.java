package io.longline.coordinator.audit;

/** What register says of an endpoint. */
sealed interface Whereabouts {

    record Online(Place place, long generation) implements Whereabouts {}

    record Offline() implements Whereabouts {}

    /** Its shard is lost, or nobody answered. */
    record Unknown() implements Whereabouts {}
}
