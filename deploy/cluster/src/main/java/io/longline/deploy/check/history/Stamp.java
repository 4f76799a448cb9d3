package io.longline.deploy.check.history;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a payload, so that a message can be judged by itself wherever it turns up: its number, whom it is for, and a
 * sum over all of it.
 *
 * @param targets each {@code user/device}, or {@code user/*} for all of a user's devices; or one {@code >topic}
 */
public record Stamp(int number, String product, List<String> targets) {
    private static final String WORD = "check";
    private static final String ALL = "*";
    private static final String TOPIC = ">";
    private static final int PARTS = 5;

    public Stamp {
        targets = List.copyOf(targets);
    }

    public static Stamp of(Sending send) {
        return of(List.of(send));
    }

    /** Of one message, at all its targets. */
    public static Stamp of(List<Sending> sends) {
        Sending any = sends.getFirst();
        return new Stamp(
                any.number(), any.product(), sends.stream().map(Stamp::target).toList());
    }

    public static Stamp of(TopicSending send) {
        return new Stamp(send.number(), send.product(), List.of(TOPIC + send.topic()));
    }

    public static Stamp of(BroadcastSending send) {
        return new Stamp(send.number(), send.product(), List.of(TOPIC + send.topic()));
    }

    private static String target(Sending send) {
        return send.user() + "/" + (send.device() == null ? ALL : send.device());
    }

    /** Whether an endpoint may get it. What was sent to {@code default} goes to its heir. */
    public boolean isFor(EndpointId endpoint) {
        return product.equals(endpoint.product())
                && (targets.contains(endpoint.user() + "/" + ALL)
                        || targets.contains(endpoint.user() + "/" + EndpointId.DEFAULT_DEVICE)
                        || targets.contains(endpoint.user() + "/" + endpoint.device()));
    }

    /** Whether an endpoint of a product may get it where it follows a topic. */
    public boolean isFor(String ofProduct, String topic) {
        return product.equals(ofProduct) && targets.contains(TOPIC + topic);
    }

    /** The payload, filled up to about this many characters. */
    public String text(int size) {
        return summed(WORD + " " + number + " " + product + " " + String.join(",", targets) + " ", size);
    }

    /** What was said, filled up to about this many characters, with a sum by which damage is seen. */
    static String summed(String head, int size) {
        String filled = head + "x".repeat(Math.max(1, size - head.length() - 9));
        return filled + " " + sum(filled);
    }

    static boolean isWhole(String text) {
        int end = text.lastIndexOf(' ');
        return end >= 0 && sum(text.substring(0, end)).equals(text.substring(end + 1));
    }

    /** Empty where it is none, or was damaged. */
    public static Optional<Stamp> read(@Nullable String text) {
        if (text == null || !isWhole(text)) {
            return Optional.empty();
        }
        String[] parts = text.split(" ", PARTS);
        return parts.length == PARTS && parts[0].equals(WORD)
                ? Optional.of(new Stamp(Integer.parseInt(parts[1]), parts[2], List.of(parts[3].split(","))))
                : Optional.empty();
    }

    private static String sum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }
}
