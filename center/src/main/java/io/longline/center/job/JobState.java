package io.longline.center.job;

import java.util.Locale;

/** How a job stands. */
public enum JobState {
    QUEUED,
    RUNNING,
    PAUSED,
    /** A broadcast whose canary has it. */
    HOLDING,
    DONE,
    CANCELLED,
    FAILED;

    public boolean isFinal() {
        return compareTo(DONE) >= 0;
    }

    /** As it stands in JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
