package io.longline.coordinator.audit;

/** An endpoint, and where register has it. */
record BoundRoute(Endpoint endpoint, Place place, long generation) {}
