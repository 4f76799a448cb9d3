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
 * @param form as what it is sent
 * @param later null: it is sent at once; of a job, when it was handed in at the earliest
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
        Form form,
        @Nullable Later later) {

    /** As what a message is sent. */
    public enum Form {
        /** To one target. */
        ONE,
        /** One of the targets of a list. */
        LIST,
        /** One of the targets of a job. */
        JOB
    }

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
        this(number, product, user, device, messageId, qos, ttl, collapseKey, journaled, Form.ONE, null);
    }

    /** The same message at one target of a list. */
    public Sending to(String otherUser, @Nullable String otherDevice) {
        Form many = form == Form.ONE ? Form.LIST : form;
        return new Sending(
                number, product, otherUser, otherDevice, messageId, qos, ttl, collapseKey, journaled, many, later);
    }

    /** The same message as a job that is handed in from then on, by the clock of its run. */
    public Sending ofJob(long at) {
        Later handedIn = new Later(at, 0);
        return new Sending(
                number, product, user, device, messageId, qos, ttl, collapseKey, journaled, Form.JOB, handedIn);
    }

    public Sending at(Later due) {
        return new Sending(number, product, user, device, messageId, qos, ttl, collapseKey, journaled, form, due);
    }

    /** It has several targets, so that what is told of the message may be of others. */
    public boolean ofList() {
        return form != Form.ONE;
    }

    public boolean ofJob() {
        return form == Form.JOB;
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
