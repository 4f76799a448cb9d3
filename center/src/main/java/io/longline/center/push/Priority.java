package io.longline.center.push;

import java.util.Locale;

/** Which endpoint's work goes first where work waits; never reorders one inbox. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW;

    /** As it stands in JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
