package io.longline.room.topic;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One session follows a topic of broadcasts, as all of its product do: it is sent what everybody may read, and what the job that is sent lets it have.
 *
 * <p>Of the jobs that are kept it knows, as bits, which it was let have and not sent yet, and which it was sent and has not acknowledged.
 */
final class BroadcastFollow extends Follow {
    private long let; // the last one that it was let have
    private int waitsIn; // a round of its walk; 0: none
    private int unsent;
    private int unacked;
    private boolean asked;
    private boolean placed;
    private boolean hasTurn;
    private boolean leaveTaken;

    BroadcastFollow(SessionFollows of, Followers followers) {
        super(of, followers, 0, true);
    }

    BroadcastWalk walk() {
        return Objects.requireNonNull(followers().walk());
    }

    /** Its client has named the topic, and is told where it goes on. The others are sent what comes without a word. */
    void asked() {
        asked = true;
    }

    /** Somebody is finding out where it begins. */
    boolean isPlaced() {
        return placed;
    }

    void placed() {
        placed = true;
    }

    /** It goes on there; what its client is done with of the job that is being sent counts, though not everybody may read it. */
    @Override
    void open(TopicLogs.Position position, @Nullable Long named) {
        walk().topic().opens(position.head());
        long at = position.offset();
        if (named != null) {
            at = Math.max(at, Math.min(named, walk().offset()));
        }
        placed = true;
        open(at, at < walk().topic().open());
        if (asked) {
            tellPlace();
        }
        walk().opened(this);
    }

    @Override
    long upto() {
        return let > walk().topic().open() ? let : 0;
    }

    @Override
    long found(long upto) {
        return Math.max(upto, walk().topic().open());
    }

    @Override
    long mayHave() {
        return found(let);
    }

    @Override
    void took(MergedSlice slice, boolean written) {
        super.took(slice, written);
        walk().look(this);
    }

    @Override
    boolean isDropped(long offset) {
        return walk().isDropped(offset);
    }

    @Override
    int take(List<TopicHint> hints, long nowMs) {
        int taken = super.take(hints, nowMs);
        walk().look(this);
        return taken;
    }

    @Override
    int read(TopicPage page, boolean together, long nowMs) {
        int written = super.read(page, together, nowMs);
        walk().look(this);
        return written;
    }

    @Override
    boolean ack(long offset) {
        boolean news = super.ack(offset);
        if (news) {
            walk().acked(this);
        }
        return news;
    }

    @Override
    void gone() {
        super.gone();
        walk().gone(this);
    }

    // ---- what its walk keeps of it ----

    long letUpTo() {
        return let;
    }

    int waitsIn() {
        return waitsIn;
    }

    /** @param turn whether it has one already, and not only when it is open */
    void waitsIn(int round, boolean turn) {
        waitsIn = round;
        hasTurn = turn;
    }

    boolean hasTurn() {
        return hasTurn;
    }

    /** The log may be read for it so far, and it may be written to it. */
    void let(BroadcastTold told) {
        let = told.offset();
        unsent |= bit(told);
    }

    /** It has everything up to there without having been let. */
    void passes(long offset) {
        let = Math.max(let, offset);
    }

    /** It was let have what had the place before. */
    void forget(BroadcastTold told) {
        unsent &= ~bit(told);
        unacked &= ~bit(told);
    }

    boolean hasUnsent() {
        return unsent != 0;
    }

    boolean hasUnacked() {
        return unacked != 0;
    }

    /** Whether it was let have it, and is sent it now. */
    boolean passesSent(BroadcastTold told) {
        if ((unsent & bit(told)) == 0 || sent() < told.offset()) {
            return false;
        }
        unsent &= ~bit(told);
        return true;
    }

    void awaitsAck(BroadcastTold told) {
        unacked |= bit(told);
    }

    /** Whether it was sent it, and acknowledges it now. */
    boolean passesAcked(BroadcastTold told) {
        if ((unacked & bit(told)) == 0 || acked() < told.offset()) {
            return false;
        }
        unacked &= ~bit(told);
        return true;
    }

    /** The pace waits to hear what comes of it. */
    boolean isLeaveTaken() {
        return leaveTaken;
    }

    void leaveTaken(boolean is) {
        leaveTaken = is;
    }

    private static int bit(BroadcastTold told) {
        return 1 << told.place();
    }
}
