package io.longline.keeper.product;

import java.util.List;

/**
 * Where a back end is told of something.
 *
 * @param kind of what: {@code uplink.<type>}
 * @param url where it is posted to; the first of several
 * @param secret with which each request is signed
 * @param maxInFlight how many requests each coordinator may have under way to it, 1 to 1,000; it has no more than 64, as each takes it 1 to 4 MiB
 * @param timeoutMs how long a request may take, with its answer
 * @param urls where there are several places; empty: there is one
 */
public record Callback(String kind, String url, String secret, int maxInFlight, int timeoutMs, List<WeightedUrl> urls) {
    public static final String UPLINK = "uplink.";
    public static final int USUAL_IN_FLIGHT = 4;
    public static final int USUAL_TIMEOUT_MS = 10_000;

    /** Releases before know only one place, and go on with the first. */
    public Callback {
        urls = urls == null ? List.of() : List.copyOf(urls);
    }

    /** In one place. */
    public Callback(String kind, String url, String secret, int maxInFlight, int timeoutMs) {
        this(kind, url, secret, maxInFlight, timeoutMs, List.of());
    }

    /** Where it is posted to, one or several. */
    public List<WeightedUrl> places() {
        return urls.isEmpty() ? List.of(new WeightedUrl(url, 1)) : urls;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Callback[" + kind + ", " + url + "]";
    }
}
