package io.longline.sdk.dispatch;

import java.io.IOException;

/** The dispatcher answered, but not with addresses: it is overloaded, knows no room, or does not know the product. */
public final class DispatchRefused extends IOException {
    private final long retryAfterMs;

    DispatchRefused(String message, long retryAfterMs) {
        super(message);
        this.retryAfterMs = retryAfterMs;
    }

    /** What its {@code Retry-After} said; 0 without one. */
    public long retryAfterMs() {
        return retryAfterMs;
    }
}
