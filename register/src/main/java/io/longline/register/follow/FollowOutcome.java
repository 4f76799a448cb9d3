package io.longline.register.follow;

import java.util.List;

/** What became of a {@link Wish}. */
public sealed interface FollowOutcome {

    /**
     * Nothing was changed: the journal has it first. Tell it under this version and come again.
     *
     * @param from the offset after which it begins, which may be before the one that was wished
     * @param againstUser the device does not follow though its user does
     * @param devices of which it is to be told, too, with the offset that was wished: their own wishes are older
     */
    record NotJournaled(long version, long from, boolean againstUser, List<String> devices) implements FollowOutcome {

        public NotJournaled {
            devices = List.copyOf(devices);
        }
    }

    /** All that is an answer. */
    sealed interface Settled extends FollowOutcome {}

    /**
     * It is so.
     *
     * @param from the offset after which it began, 0 where it is not followed
     * @param byBackEnd it is, and a back end has the user follow it
     */
    record Done(long from, boolean byBackEnd) implements Settled {}

    /** Another session has the endpoint, or none. Nothing was changed. */
    record Stale() implements Settled {}

    /** The client may follow it only where a back end has its user follow it, and none does. Nothing was changed. */
    record Denied() implements Settled {}

    /** So many topics are followed already, and more are not allowed. Nothing was changed. */
    record TooMany(int followed) implements Settled {}

    /** Too many events wait in the shard for the sessions to be told. Nothing was changed. */
    record StreamFull() implements Settled {}
}
