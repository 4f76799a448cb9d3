package io.longline.center.quota;

import java.time.Duration;

/** What saver says to a center that wants to send messages of a product. */
public sealed interface GrantOutcome {

    /** At least what was needed. */
    record Granted(long messages) implements GrantOutcome {}

    /** None for now; {@code pause}: until it is worth asking again. */
    record Over(Quota quota, Duration pause) implements GrantOutcome {}

    /** Nobody says. */
    record Unanswered() implements GrantOutcome {}

    default String tag() {
        return switch (this) {
            case Granted _ -> "granted";
            case Over _ -> "over";
            case Unanswered _ -> "unanswered";
        };
    }
}
