package io.longline.saver.inbox;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;

/**
 * A message that ended without coming into an inbox.
 *
 * @param endpoint with device "" where it reached none of the user's
 * @param state EXPIRED or DROPPED
 * @param reason "": none
 */
record Untaken(Endpoint endpoint, String messageId, CopyState state, String reason) {}
