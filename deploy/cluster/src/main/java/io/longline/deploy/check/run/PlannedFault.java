package io.longline.deploy.check.run;

import java.time.Duration;
import java.util.Locale;

/**
 * One fault of a schedule.
 *
 * @param part whom it strikes; of a cut, who calls
 * @param other of a cut, who is called; empty for others
 * @param lasts how long, until it is healed
 * @param after pause before it
 */
public record PlannedFault(int id, Kind kind, String part, String other, Duration lasts, Duration after) {

    /** What is done. */
    public enum Kind {
        KILL,
        /** An orderly one. */
        RESTART,
        STOP,
        BLACK_HOLE,
        RESET,
        LATENCY,
        BANDWIDTH,
        SLOW_MYSQL,
        EMPTY_REDIS,
        ROLL_BACK_REDIS;

        boolean isCut() {
            return this == BLACK_HOLE || this == RESET || this == LATENCY || this == BANDWIDTH;
        }
    }

    /** In words, with how long. */
    public String text() {
        String what = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String whom = kind.isCut() ? subject() : part;
        return what + " " + whom + " for " + lasts.toMillis() + " ms";
    }

    /** What it breaks: a part, the way between two, or the commits of MySQL. */
    String subject() {
        return switch (kind) {
            case BLACK_HOLE, RESET, LATENCY, BANDWIDTH -> part + " - " + other;
            case SLOW_MYSQL -> "commits";
            case KILL, RESTART, STOP, EMPTY_REDIS, ROLL_BACK_REDIS -> part;
        };
    }
}
