package io.longline.sdk;

/** The room does not say who is online. */
public final class PresenceRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final long retryAfterMs;

    PresenceRefused(String reason, String message, long retryAfterMs) {
        super(message);
        this.reason = reason;
        this.retryAfterMs = retryAfterMs;
    }

    /**
     * As in the HTTP API: {@code PERMISSION_DENIED} where the product does not allow it, {@code USER_RATE_EXCEEDED} less than a minute after the last
     * time, {@code INVALID_ARGUMENT}; {@code QUEUE_FULL} where one question waits in this client already, and {@code CLOSED} where it, or the
     * endpoint, has ended.
     */
    public String reason() {
        return reason;
    }

    /** After so long it may be asked again; 0: that is of no use. */
    public long retryAfterMs() {
        return retryAfterMs;
    }
}
