package io.longline.deploy.check.history;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One message of QoS 1 that a back end wants to be sent to a topic, over all its attempts.
 *
 * @param number of the message in its run, from those of all messages; its payload names it, too
 * @param messageId null: center makes one
 * @param journaled whether its product has durability {@code mysql}
 */
public record TopicSending(
        int number, String product, String topic, @Nullable String messageId, Duration ttl, boolean journaled) {}
