package io.longline.register.endpoint;

/**
 * What the journal is told, and tells: that an endpoint follows a topic, or no longer.
 *
 * @param endpoint device "": a back end's wish, for all that the user has
 * @param from the offset after which it began
 * @param version a number of the shard; the newest counts
 */
public record FollowNote(Endpoint endpoint, String topic, boolean follows, long from, long version) {

    /** It does no longer. */
    public static FollowNote ended(Endpoint endpoint, String topic, long version) {
        return new FollowNote(endpoint, topic, false, 0, version);
    }
}
