package io.longline.coordinator.audit;

/**
 * A session as its room had it a moment ago.
 *
 * @param sent up to here its inbox was sent
 * @param idle nothing is being loaded, and more could be written at once
 */
record SeenSession(Endpoint endpoint, Place place, long generation, long sent, boolean idle) {}
