package io.longline.saver.deadletter;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An event that no back end took in time. What it says nobody here reads.
 *
 * @param about whom it is, and what
 * @param seq under which it waited the last time
 * @param atMs when it happened
 * @param reason what was said the last time
 * @param payload empty in lists
 * @param kept what is known of it from here
 */
record DeadLetter(
        About about, long seq, long atMs, String reason, Map<String, String> fields, ByteString payload, Kept kept) {
    private static final int MOST_REASON = 128;
    private static final Pattern ID = Pattern.compile("[!-~]{1,192}");
    private static final Pattern KIND = Pattern.compile("[!-~]{1,160}");

    /** @param id what back ends know it by */
    record About(String product, String id, String kind, String user, String device, long generation) {}

    /**
     * What is known once it is kept.
     *
     * @param number its place in the order of the list
     * @param bytes of its payload
     */
    record Kept(long number, long diedAtMs, long bytes) {
        static final Kept NOT_YET = new Kept(0, 0, 0);
    }

    DeadLetter {
        Ids.requireProduct("letter.product", about.product);
        requireId("letter.id", about.id);
        requireKind("letter.kind", about.kind);
        Ids.require("letter.user", about.user);
        if (!about.device.isEmpty()) { // of presence of users
            Ids.require("letter.device", about.device);
        }
        if (reason.length() > MOST_REASON) {
            throw LonglineException.invalid(
                    "letter.reason", "has " + reason.length() + " characters, expected at most " + MOST_REASON);
        }
        fields = Map.copyOf(fields);
    }

    /** As one comes from outside. */
    static String requireId(String field, String id) {
        return require(field, id, ID);
    }

    /** Likewise. */
    static String requireKind(String field, String kind) {
        return require(field, kind, KIND);
    }

    private static String require(String field, String text, Pattern form) {
        if (!form.matcher(text).matches()) {
            throw LonglineException.invalid(
                    field, "has " + text.length() + " characters, expected printable ASCII without space, " + form);
        }
        return text;
    }
}
