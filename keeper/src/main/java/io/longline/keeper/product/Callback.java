package io.longline.keeper.product;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * Where a back end is told of something.
 *
 * @param kind of what: {@code uplink.<type>}, {@code presence}, {@code message}
 * @param url where it is posted to
 * @param secret with which each request is signed
 * @param maxInFlight how many requests each coordinator may have under way to it, 1 to 1,000; it has no more than 64, as each takes it 1 to 4 MiB
 * @param timeoutMs how long a request may take, with its answer
 * @param per of whom it is told that they came or went; {@link Per#DEVICE} where none is said
 */
public record Callback(String kind, String url, String secret, int maxInFlight, int timeoutMs, Per per) {
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

    /** Releases before wrote no {@code per}. */
    public Callback {
        per = per == null ? Per.DEVICE : per;
    }

    /** Of each device, where it is about presence. */
    public Callback(String kind, String url, String secret, int maxInFlight, int timeoutMs) {
        this(kind, url, secret, maxInFlight, timeoutMs, Per.DEVICE);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Callback[" + kind + ", " + url + "]";
    }
}
