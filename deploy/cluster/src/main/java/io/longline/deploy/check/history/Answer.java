package io.longline.deploy.check.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the HTTP API.
 *
 * @param messageId empty where it names none
 * @param replay whether it says that the message was sent before
 * @param error what it says of an error; null for a success
 * @param malformed why it is not of the contract's shape; null where it is
 */
public record Answer(
        int status,
        String messageId,
        List<Result> results,
        boolean replay,
        @Nullable Problem error,
        @Nullable String malformed) {

    public Answer {
        results = List.copyOf(results);
    }

    /** One endpoint of an answer; {@code seq} is 0 where it has none, {@code device} empty where it is not known yet which ones. */
    public record Result(String user, String device, String status, String reason, long seq) {

        /** Nothing follows upon this status. */
        public boolean isFinal() {
            return switch (status) {
                case "acked", "expired", "collapsed", "recalled", "dropped", "no_target" -> true;
                default -> false;
            };
        }

        /** It is to be sent later, or came to its end before it was stored. */
        public boolean isWithoutCopy() {
            return seq == 0;
        }

        /** Not yet on its way. */
        public boolean isBehind() {
            return switch (status) {
                case "accepted", "scheduled", "stored" -> true;
                default -> false;
            };
        }

        @Override
        public String toString() {
            return (device.isEmpty() ? "*" : device) + " " + status + (reason.isEmpty() ? "" : "(" + reason + ")")
                    + " seq " + seq;
        }
    }

    /** The body of an error; {@code dependency} is empty where none is named, {@code retryAfterMs} -1. */
    public record Problem(String reason, boolean retryable, long retryAfterMs, String dependency, String message) {}

    /** 200 or 202. */
    public boolean isSuccess() {
        return status == 200 || status == 202;
    }

    /** It was refused, as its product or its user has had its share. */
    public boolean isOverLimit() {
        return status == 429
                && error != null
                && (error.reason().equals("PRODUCT_RATE_EXCEEDED")
                        || error.reason().equals("USER_RATE_EXCEEDED"));
    }

    /** What it says of one user. */
    public Answer of(String user) {
        List<Result> own =
                results.stream().filter(result -> result.user().equals(user)).toList();
        return new Answer(status, messageId, own, replay, error, malformed);
    }

    public static Answer success(int status, String messageId, List<Result> results, boolean replay) {
        return new Answer(status, messageId, results, replay, null, null);
    }

    public static Answer problem(int status, Problem error) {
        return new Answer(status, "", List.of(), false, error, null);
    }

    @Override
    public String toString() {
        return status
                + (replay ? " replay" : "")
                + (error == null ? " " + results : " " + error)
                + (malformed == null ? "" : " MALFORMED: " + malformed);
    }
}
