package io.longline.coordinator.outbox;

/** What came of events that were to be carried to their callback. */
enum DeliveryOutcome {
    /** The back end has them. */
    DONE,
    /** The back end was asked and does not have them, whatever else it would have been sent. */
    FAILED,
    /** The back end does not take them as they are; it may take parts of them. */
    REFUSED,
    /** The back end was not asked. */
    NOT_TRIED,
    /** The lease is another's now. */
    LEASE_LOST
}
