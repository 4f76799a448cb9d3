package io.longline.register.follow;

import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;

/**
 * That a topic be followed, or no longer.
 *
 * @param endpoint device "": a back end's wish, for all that the user has and will have
 * @param from the offset after which it begins
 * @param generation of the session whose client wants it; 0: a back end does
 * @param onlyByBackEnd of a client that may follow it only where a back end has its user follow it
 */
public record Wish(
        Endpoint endpoint, String topic, boolean follows, long from, long generation, boolean onlyByBackEnd) {

    /** The same as the journal is told of it, for one of the user's devices or for all. */
    FollowNote note(String device, long begins, long version, boolean againstUser) {
        Endpoint whose = new Endpoint(endpoint.product(), endpoint.user(), device);
        return new FollowNote(whose, topic, follows, begins, version, againstUser);
    }
}
