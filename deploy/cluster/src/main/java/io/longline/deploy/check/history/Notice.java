package io.longline.deploy.check.history;

/**
 * An event as a back end is told of it; what does not apply is empty.
 *
 * @param id unique, and the same whenever it is told again
 * @param seq of the event, but of a message its own
 */
public record Notice(
        String id,
        String type,
        EndpointId endpoint,
        String uplinkId,
        String messageId,
        long generation,
        long seq,
        String reason,
        String text) {

    public static final String ONLINE = "presence.online";
    public static final String OFFLINE = "presence.offline";
    public static final String ACKED = "message.acked";
    public static final String UPLINK = "uplink.";

    @Override
    public String toString() {
        return type + " " + id + " of " + endpoint + ", seq " + seq + ", generation " + generation
                + (uplinkId.isEmpty() ? "" : ", uplink " + uplinkId)
                + (messageId.isEmpty() ? "" : ", message " + messageId)
                + (reason.isEmpty() ? "" : ", " + reason);
    }
}
