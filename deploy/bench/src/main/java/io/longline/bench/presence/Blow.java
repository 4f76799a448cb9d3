package io.longline.bench.presence;

import java.time.Duration;

/**
 * Something that is done to a part of the cluster, and healed.
 *
 * @param lasts how long it is down, or stands still
 * @param after the pause before it
 */
record Blow(String part, Kind kind, Duration lasts, Duration after) {

    /** What is done. */
    enum Kind {
        KILL("killed"),
        STOP("stopped"),
        /** Longer than any lease. */
        LONG_STOP("stopped long"),
        /** Redis: its files are deleted. */
        EMPTY("emptied");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** For people. */
        String word() {
            return word;
        }
    }

    @Override
    public String toString() {
        return part + " is " + kind.word + (kind == Kind.EMPTY ? "" : " for %.1f s".formatted(lasts.toMillis() / 1e3));
    }
}
