package io.longline.deploy.check.history;

import java.util.Optional;

/**
 * One uplink of a client. Its text says which it is, so that whoever gets it knows whom it is from, and whether it is whole.
 *
 * @param number unique in the run, and of an endpoint growing in the order in which they are sent
 * @param id the client's own; empty where the SDK makes one
 */
public record Uplink(int number, EndpointId endpoint, String type, String id) {
    private static final String WORD = "longline-uplink";
    private static final int PARTS = 6;

    /** The payload, of about this many characters. */
    public String text(int size) {
        String head = String.join(
                " ", WORD, "" + number, endpoint.product(), endpoint.user() + "/" + endpoint.device(), type, "");
        return Stamp.summed(head, size);
    }

    /** Without the id, which is not in the text; empty where it is none of ours, or was damaged. */
    public static Optional<Uplink> read(String text) {
        if (!Stamp.isWhole(text)) {
            return Optional.empty();
        }
        String[] parts = text.split(" ", PARTS);
        if (parts.length < PARTS || !parts[0].equals(WORD)) {
            return Optional.empty();
        }
        String[] place = parts[3].split("/", 2);
        return Optional.of(
                new Uplink(Integer.parseInt(parts[1]), new EndpointId(parts[2], place[0], place[1]), parts[4], ""));
    }
}
