package io.longline.register.rebuild;

import io.longline.register.endpoint.Endpoint;

/**
 * A device as the journal knows it.
 *
 * @param generation of the bind that made it known, or under which it was forgotten
 */
record JournaledDevice(Endpoint endpoint, long generation, boolean forgotten) {}
