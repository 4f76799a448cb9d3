package io.longline.coordinator.audit;

/** What a room says of a place. */
sealed interface AtPlace {

    record There(SeenSession session) implements AtPlace {}

    /** A session whose bind is under way. */
    record Binding() implements AtPlace {}

    record Nothing() implements AtPlace {}

    /** The room did not answer. */
    record Unknown() implements AtPlace {}
}
