package io.longline.deploy.check.history;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One message that a back end wants to be sent to one target, over all its attempts. The targets of a list have one each, with the same number
 * and id.
 *
 * @param number of the message in its run, from 0; its payload names it, too
 * @param device null: all of the user's
 * @param messageId null: center makes one
 * @param journaled whether its product has durability {@code mysql}
 * @param ofList whether it is one target of a list, so that what is told of the message may be of others
 * @param later null: it is sent at once
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
        boolean journaled,
        boolean ofList,
        @Nullable Later later) {

    /** When a message is due: by the clock of its run, in nanoseconds, and as its request says it. */
    public record Later(long at, long wallMs) {}

    /** To one target, at once. */
    public Sending(
            int number,
            String product,
            String user,
            @Nullable String device,
            @Nullable String messageId,
            int qos,
            Duration ttl,
            @Nullable String collapseKey,
            boolean journaled) {
        this(number, product, user, device, messageId, qos, ttl, collapseKey, journaled, false, null);
    }

    /** The same message at one target of a list. */
    public Sending to(String otherUser, @Nullable String otherDevice) {
        return new Sending(
                number, product, otherUser, otherDevice, messageId, qos, ttl, collapseKey, journaled, true, later);
    }

    public Sending at(Later due) {
        return new Sending(number, product, user, device, messageId, qos, ttl, collapseKey, journaled, ofList, due);
    }

    /** {@code product/user}. */
    public String account() {
        return product + "/" + user;
    }

    /** Stored until it is taken; the others may come or not. */
    public boolean isStored() {
        return qos == 1 && ttl.isPositive();
    }
}
