package io.longline.saver.inbox;

import java.util.Locale;

/** Why all that waits in an inbox is dropped. */
enum DropReason {
    /** Its endpoint is known no more; another may inherit. */
    FORGOTTEN,
    /** Somebody wanted it so; the endpoint goes on. */
    EMPTIED;

    /** As it is told to back ends. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
