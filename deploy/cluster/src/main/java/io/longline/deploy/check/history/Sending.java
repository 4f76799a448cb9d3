package io.longline.deploy.check.history;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One message that a back end wants to be sent, over all its attempts.
 *
 * @param number of the message in its run, from 0; its payload names it, too
 * @param device null: all of the user's
 * @param messageId null: center makes one
 * @param journaled whether its product has durability {@code mysql}
 */
public record Sending(
        int number,
        String product,
        String user,
        @Nullable String device,
        @Nullable String messageId,
        int qos,
        Duration ttl,
        @Nullable String collapseKey,
        boolean journaled) {

    /** {@code product/user}. */
    public String account() {
        return product + "/" + user;
    }

    /** Stored until it is taken; the others may come or not. */
    public boolean isStored() {
        return qos == 1 && ttl.isPositive();
    }
}
