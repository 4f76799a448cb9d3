package io.longline.saver.message;

import io.longline.keeper.id.Ids;
import io.longline.saver.endpoint.Endpoint;

/**
 * Whom a message was claimed for.
 *
 * @param target device "": those that the user has
 * @param chosen of these the one that it is sent to; empty: all, or none is chosen yet
 */
record ClaimedTarget(Endpoint target, String chosen) {

    /** Of a request; INVALID_ARGUMENT where an id is none. */
    static ClaimedTarget checked(MessageId of, String user, String device, String chosen) {
        return new ClaimedTarget(
                new Endpoint(of.product(), Ids.require("targets.user", user), optional("targets.device", device)),
                optional("targets.chosen", chosen));
    }

    private static String optional(String field, String id) {
        return id.isEmpty() ? id : Ids.require(field, id);
    }

    /** Its name in the record: {@code user/device}, or {@code user/}. */
    String name() {
        return target.user() + "/" + target.device();
    }
}
