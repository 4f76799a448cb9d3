package io.longline.sdk;

/** An uplink was not taken, and the client does not send it again by itself. */
public final class UplinkRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    UplinkRefused(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * As in the HTTP API: {@code PAYLOAD_TOO_LARGE}, {@code INVALID_ARGUMENT}, {@code NOT_FOUND} where the product is no more; {@code
     * QUEUE_FULL} where too many wait in this client, and {@code CLOSED} where it, or the endpoint, has ended: whether one that was on its way
     * was taken is not known then.
     */
    public String reason() {
        return reason;
    }
}
