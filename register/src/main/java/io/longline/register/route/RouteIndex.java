package io.longline.register.route;

import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * Which endpoint is where, its generation, its known devices. Each call is one atomic step on one user's data; calls made
 * one after the other without waiting are pipelined. All of them may be repeated: the second one changes nothing.
 *
 * <p>Stages fail with {@link io.longline.keeper.error.LonglineException} only: SHARD_LOST (nothing was changed; try again
 * when the rebuild is through) and DEPENDENCY_DOWN redis.
 */
public interface RouteIndex {

    /**
     * A session takes the endpoint.
     *
     * @param noted the generation under which the journal was told of the device, 0: it was not told now
     * @param leaves what was left on its way to the journal may stay so
     */
    CompletionStage<BindOutcome> bind(Binding binding, long noted, boolean leaves);

    /** As the other one, where nothing is to stay so. */
    default CompletionStage<BindOutcome> bind(Binding binding, long noted) {
        return bind(binding, noted, false);
    }

    /**
     * A session gives the endpoint back.
     *
     * @param generation of the session that ends; a session of another one is left alone
     * @param forget the device too
     * @param why it ended, as presence tells where the device is not forgotten
     */
    CompletionStage<UnbindOutcome> unbind(Endpoint endpoint, long generation, boolean forget, UnbindReason why);

    /** As the other one, where nobody said why. */
    default CompletionStage<UnbindOutcome> unbind(Endpoint endpoint, long generation, boolean forget) {
        return unbind(endpoint, generation, forget, UnbindReason.UNBOUND);
    }

    /** The route that is exactly there goes, as nobody has the session. Else nothing is changed. */
    CompletionStage<UnbindOutcome> unbindAt(Endpoint endpoint, Place place, long generation);

    /**
     * Who of a product is online.
     *
     * @param after those whose names come after this one; "": from the first on
     */
    CompletionStage<Online> online(String product, int shard, String after, int limit);

    /**
     * How many of a product are online.
     *
     * @param sample of so many users the devices are counted
     */
    CompletionStage<Crowd> crowd(String product, int shard, int sample);

    /**
     * A device is known no more, or no device of the user; their sessions are ended. Until {@link #forgotten} they stay as being
     * forgotten, and this answers them again. Empty: too many sessions wait for their end already, and nothing was changed.
     *
     * @param upto the generation that {@link #devices} answered when this was asked for: who was bound since stays
     */
    CompletionStage<Optional<Forgetting>> forget(
            String product, String user, Optional<String> device, OptionalLong upto);

    /** The same for those devices of the user that are not connected and were not seen for so long; often for none. */
    CompletionStage<Optional<Forgetting>> forgetUnseen(String product, String user, Duration unseen);

    /** The journal and the inboxes have been told of these devices, and of what was followed, under this generation. */
    CompletionStage<Long> forgotten(String product, String user, long generation, List<String> devices);

    /** Never fails with SHARD_LOST: then it is {@link Whereabouts.Unknown}. */
    CompletionStage<Whereabouts> locate(Endpoint endpoint);

    CompletionStage<UserDevices> devices(String product, String user);

    /** Of each of these users, all of one shard, in their order. */
    CompletionStage<List<LastSeen>> seen(String product, int shard, List<String> users);
}
