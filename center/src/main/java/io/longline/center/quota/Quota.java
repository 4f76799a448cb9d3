package io.longline.center.quota;

import java.util.Locale;

/** What a message may be over. */
public enum Quota {
    /** So many messages a second, of a product. */
    RATE,
    /** So many messages a day, of a product. */
    DAY,
    /** So many messages or bytes an hour or a day, to a user. */
    USER;

    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
