package io.longline.keeper.product;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * Where a back end is told of something.
 *
 * @param kind of what: {@code uplink.<type>}, {@code presence}, {@code message}
 * @param url where it is posted to; the first of several
 * @param secret with which each request is signed
 * @param maxInFlight how many requests each coordinator may have under way to it, 1 to 1,000; it has no more than 64, as each takes it 1 to 4 MiB
 * @param timeoutMs how long a request may take, with its answer
 * @param urls where there are several places; empty: there is one
 * @param per of whom it is told that they came or went; {@link Per#DEVICE} where none is said
 */
public record Callback(
        String kind, String url, String secret, int maxInFlight, int timeoutMs, List<WeightedUrl> urls, Per per) {
    public static final String UPLINK = "uplink.";
    public static final String PRESENCE = "presence";
    /** What became of messages. */
    public static final String MESSAGE = "message";

    public static final int USUAL_IN_FLIGHT = 4;
    public static final int USUAL_TIMEOUT_MS = 10_000;

    /** Of whom presence is told. */
    public enum Per {
        /** Each device that comes or goes. */
        @JsonProperty("device")
        DEVICE,
        /** A user whose first device comes, or whose last one goes. */
        @JsonProperty("user")
        USER;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Releases before wrote no {@code per}, and know only one place, and go on with the first. */
    public Callback {
        urls = urls == null ? List.of() : List.copyOf(urls);
        per = per == null ? Per.DEVICE : per;
    }

    /** In one place; of each device, where it is about presence. */
    public Callback(String kind, String url, String secret, int maxInFlight, int timeoutMs) {
        this(kind, url, secret, maxInFlight, timeoutMs, List.of(), Per.DEVICE);
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
