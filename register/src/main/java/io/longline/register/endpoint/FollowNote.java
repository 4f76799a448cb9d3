package io.longline.register.endpoint;

/**
 * What the journal is told, and tells: that an endpoint follows a topic, or no longer.
 *
 * @param endpoint device "": a back end's wish, for all that the user has
 * @param from the offset after which it began
 * @param version a number of the shard; the newest counts
 * @param againstUser of a device that does no longer: it does not though its user does. Else it says nothing any more, and
 *     does as its user
 */
public record FollowNote(
        Endpoint endpoint, String topic, boolean follows, long from, long version, boolean againstUser) {

    /** It says nothing of the topic any more. */
    public static FollowNote ended(Endpoint endpoint, String topic, long version) {
        return new FollowNote(endpoint, topic, false, 0, version, false);
    }
}
