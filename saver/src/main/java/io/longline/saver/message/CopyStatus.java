package io.longline.saver.message;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;

/**
 * What became of a copy.
 *
 * @param endpoint where it is now
 * @param reason of dropped; empty otherwise
 */
record CopyStatus(Endpoint endpoint, long seq, CopyState state, String reason) {}
