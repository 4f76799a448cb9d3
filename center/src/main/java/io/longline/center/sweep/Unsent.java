package io.longline.center.sweep;

import io.longline.center.endpoint.Endpoint;

/**
 * An endpoint whose hint may have been lost.
 *
 * @param seq the newest one stored there
 */
record Unsent(Endpoint endpoint, long seq) {}
