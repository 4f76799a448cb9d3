package io.longline.deploy.check.history;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a payload, so that a message can be judged by itself wherever it turns up: its number, whom it is for, and a
 * sum over all of it.
 *
 * @param device {@code *}: all of the user's
 */
public record Stamp(int number, String product, String user, String device) {
    private static final String WORD = "check";
    private static final String ALL = "*";
    private static final int PARTS = 6;

    public static Stamp of(Sending send) {
        return new Stamp(send.number(), send.product(), send.user(), send.device() == null ? ALL : send.device());
    }

    /** Whether an endpoint may get it. What was sent to {@code default} goes to its heir. */
    public boolean isFor(EndpointId endpoint) {
        boolean rightDevice =
                device.equals(ALL) || device.equals(EndpointId.DEFAULT_DEVICE) || device.equals(endpoint.device());
        return rightDevice && product.equals(endpoint.product()) && user.equals(endpoint.user());
    }

    /** The payload, filled up to about this many characters. */
    public String text(int size) {
        String head = WORD + " " + number + " " + product + " " + user + " " + device + " ";
        String filled = head + "x".repeat(Math.max(1, size - head.length() - 9));
        return filled + " " + sum(filled);
    }

    /** Empty where it is none, or was damaged. */
    public static Optional<Stamp> read(@Nullable String text) {
        int end = text == null ? -1 : text.lastIndexOf(' ');
        if (text == null || end < 0 || !sum(text.substring(0, end)).equals(text.substring(end + 1))) {
            return Optional.empty();
        }
        String[] parts = text.substring(0, end).split(" ", PARTS);
        return parts.length == PARTS && parts[0].equals(WORD)
                ? Optional.of(new Stamp(Integer.parseInt(parts[1]), parts[2], parts[3], parts[4]))
                : Optional.empty();
    }

    private static String sum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }
}
