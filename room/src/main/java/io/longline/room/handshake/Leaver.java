package io.longline.room.handshake;

import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * A session that is gone, and that others are still to be told of.
 *
 * @param generation 0: it is not known, because the bind was never answered; the route is then known by its place
 * @param failures how often it was tried in vain
 * @param dueNanos when it is to be tried, in terms of {@link System#nanoTime()}
 */
record Leaver(Endpoint endpoint, Place place, long generation, Work work, int failures, long dueNanos)
        implements Delayed {

    /** What is still to be done. */
    sealed interface Work {
        /**
         * The session is gone.
         *
         * @param why it has ended
         */
        record Unbind(Parting why) implements Work {}

        /**
         * The device is to be forgotten too: by the register with the unbind, then by the saver, with its inbox.
         *
         * @param askedNanos when that was asked for, in terms of {@link System#nanoTime()}
         * @param tried is done when both have been tried once, with whatever result, or nobody will
         */
        record UnbindAndForget(long askedNanos, CompletableFuture<Void> tried) implements Work {

            static UnbindAndForget askedNow() {
                return new UnbindAndForget(System.nanoTime(), new CompletableFuture<>());
            }
        }

        /**
         * The register has forgotten it.
         *
         * @param uptoSeq what was stored after it was asked for is not meant; 0: everything goes
         */
        record EmptyInbox(long uptoSeq) implements Work {}
    }

    boolean forgets() {
        return !(work instanceof Work.Unbind);
    }

    Parting why() {
        return work instanceof Work.Unbind(Parting why) ? why : Parting.UNBOUND;
    }

    /** For who waits until it was tried once. */
    void tried() {
        if (work instanceof Work.UnbindAndForget(long _, CompletableFuture<Void> tried)) {
            tried.complete(null);
        }
    }

    /** The register is still to be told, and the session is known by its generation. */
    boolean isToUnbind() {
        return generation != 0 && !(work instanceof Work.EmptyInbox);
    }

    /** The same with other work, at once. */
    Leaver with(Work next) {
        return new Leaver(endpoint, place, generation, next, failures, dueNanos);
    }

    /** The same after so much time, because it failed. */
    Leaver again(long delayNanos) {
        return new Leaver(endpoint, place, generation, work, failures + 1, System.nanoTime() + delayNanos);
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
