package io.longline.room.handshake;

import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import java.time.Duration;
import java.util.OptionalLong;

/** The routes of sessions that end. Calls block; errors are {@link io.longline.keeper.error.LonglineException}. */
interface Routes {

    /**
     * What became of an unbind.
     *
     * @param wasOwner false: a newer session has the endpoint, nothing was changed
     * @param timeMs when, by the clock that seqs and generations are led by; 0: not told
     * @param newerGeneration of that newer session; 0: not told, or there is none
     */
    record Unbound(boolean wasOwner, long timeMs, long newerGeneration) {}

    /** As long as an answer is waited for. */
    Duration answerWait();

    /**
     * Gives the endpoint back if this generation still has it.
     *
     * @param forget the device too
     * @param why its session ended
     */
    Unbound unbind(Endpoint endpoint, long generation, boolean forget, Parting why);

    /** The generation of the endpoint's route, if that leads to exactly this place. Fails while nobody can tell. */
    OptionalLong generationAt(Endpoint endpoint, Place place);
}
