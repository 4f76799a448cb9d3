package io.longline.deploy.check.history;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One message to everybody that a back end wants to be sent, over all its attempts.
 *
 * @param number of the message in its run, from those of all messages; its payload names it, too
 * @param topic begins with {@code *}
 * @param messageId null: center makes one
 * @param journaled whether its product has durability {@code mysql}
 * @param ratePerS people a second, as it is asked for; 0: any number
 * @param canaryPermille of 1,000 users, who get it first; 0: none
 */
public record BroadcastSending(
        int number,
        String product,
        String topic,
        @Nullable String messageId,
        Duration ttl,
        boolean journaled,
        int ratePerS,
        int canaryPermille) {

    /** Whether a topic is one that everybody follows. */
    public static boolean isTopic(String topic) {
        return topic.startsWith("*");
    }
}
