package io.longline.deploy.check.history;

import java.util.Optional;

/** What a callback replies to an uplink. Its text says to which, and for whom it is. */
public record Reply(EndpointId endpoint, String uplinkId, String eventId) {
    private static final String WORD = "longline-reply";
    private static final int PARTS = 6;

    public String text() {
        String head = String.join(
                " ", WORD, endpoint.product(), endpoint.user() + "/" + endpoint.device(), uplinkId, eventId, "");
        return Stamp.summed(head, head.length());
    }

    /** Whether it begins like one, also if it is damaged. */
    public static boolean isLike(String text) {
        return text.startsWith(WORD);
    }

    /** Empty where it is none of ours, or was damaged. */
    public static Optional<Reply> read(String text) {
        String[] parts = text.split(" ", PARTS);
        if (!Stamp.isWhole(text) || parts.length < PARTS || !parts[0].equals(WORD)) {
            return Optional.empty();
        }
        String[] place = parts[2].split("/", 2);
        return Optional.of(new Reply(new EndpointId(parts[1], place[0], place[1]), parts[3], parts[4]));
    }
}
