package io.longline.saver.inbox;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.Endpoint;

/**
 * A copy of a message that an inbox is to take.
 *
 * @param message as it travels and is stored; the saver does not look into it
 */
record NewCopy(Endpoint endpoint, String messageId, long expiresAtMs, ByteString message) {}
