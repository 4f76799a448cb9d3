package io.longline.keeper.product;

/**
 * Where a back end is told of something.
 *
 * @param kind of what: {@code uplink.<type>}, {@code message}
 * @param url where it is posted to
 * @param secret with which each request is signed
 * @param maxInFlight how many requests each coordinator may have under way to it, 1 to 1,000; it has no more than 64, as each takes it 1 to 4 MiB
 * @param timeoutMs how long a request may take, with its answer
 */
public record Callback(String kind, String url, String secret, int maxInFlight, int timeoutMs) {
    public static final String UPLINK = "uplink.";
    /** What became of messages. */
    public static final String MESSAGE = "message";

    public static final int USUAL_IN_FLIGHT = 4;
    public static final int USUAL_TIMEOUT_MS = 10_000;

    /** Without the secret. */
    @Override
    public String toString() {
        return "Callback[" + kind + ", " + url + "]";
    }
}
