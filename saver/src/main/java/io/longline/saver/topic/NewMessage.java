package io.longline.saver.topic;

import com.google.protobuf.ByteString;
import io.longline.saver.budget.Urgency;
import io.longline.saver.endpoint.Topic;

/**
 * A message that is to be published.
 *
 * @param sentAtMs 0: now, by the clock of the store
 * @param expiresAtMs of one that is sent now, for how long it lives
 * @param message as it came
 */
record NewMessage(
        Topic topic, String messageId, long sentAtMs, long expiresAtMs, ByteString message, Urgency urgency) {}
