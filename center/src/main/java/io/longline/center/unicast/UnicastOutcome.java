package io.longline.center.unicast;

import io.longline.keeper.error.LonglineException;
import java.util.Locale;

/** What became of one hint. */
public sealed interface UnicastOutcome {

    /** Handed to the link, in order. */
    record Written() implements UnicastOutcome {}

    /** The room knows of it and will load it: its window is closed, it is loading, or the client is away for a moment. */
    record Waiting() implements UnicastOutcome {}

    /** The session is not, or no more, where register said. */
    record Stale() implements UnicastOutcome {}

    /** It could not be written at once and may not wait. */
    record Refused(String reason) implements UnicastOutcome {}

    /** Nobody is there. */
    record Offline() implements UnicastOutcome {}

    /** Nobody could say where the session is, so it went nowhere. */
    record Unlocated(LonglineException why) implements UnicastOutcome {}

    /** The room did not say: it may have been written or not. */
    record Unknown() implements UnicastOutcome {}

    /** As a tag of metrics. */
    default String tag() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
