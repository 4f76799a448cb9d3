package io.longline.coordinator.group;

import io.longline.coordinator.outbox.Event;

/** An uplink that is a consumer's for a time. */
record Pulled(Lease lease, Event uplink) {}
