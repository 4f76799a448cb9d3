package io.longline.center.result;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** How far a copy of a message, or a message, has come. The order of the constants is the order of progress. */
public enum Status {
    ACCEPTED,
    SCHEDULED,
    STORED,
    WRITTEN,
    ACKED,
    EXPIRED,
    COLLAPSED,
    RECALLED,
    DROPPED,
    NO_TARGET;

    /** Nothing follows. */
    public boolean isFinal() {
        return compareTo(ACKED) >= 0;
    }

    /** It has not left for a client yet. */
    public boolean isOpen() {
        return compareTo(WRITTEN) < 0;
    }

    /**
     * The status of a message with these copies: the least advanced one's; where all are final, acked if any is, else the first in
     * the order of the constants.
     */
    public static Status ofMessage(Collection<Status> copies) {
        return copies.stream().min(Comparator.naturalOrder()).orElse(ACCEPTED);
    }

    /** As it stands in JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
