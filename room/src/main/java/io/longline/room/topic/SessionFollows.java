package io.longline.room.topic;

import io.longline.room.session.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one session follows, and what is being changed about that: one thing at a time, in the order in which it was asked for. There is one as
 * long as either is so.
 */
final class SessionFollows {
    /** As many as an endpoint may follow. */
    private static final int MOST_UNWANTED = 200;

    private final Session session;
    private final Consumer<SessionFollows> idle;
    private final List<Follow> follows = new ArrayList<>(1);
    private @Nullable Queue<Consumer<Runnable>> turns; // null: nothing waits, as nearly always
    private int turn; // of the follow that read last
    private @Nullable TopicRead reading;
    private boolean waiting;
    private boolean busy;
    private boolean refollowDue;
    private @Nullable Set<String> unwanted; // null: nothing, as nearly always
    private int failures;
    private int lastVisit; // of a walk over what windows collected

    /** @param idle is told when there is nothing left here */
    SessionFollows(Session session, Consumer<SessionFollows> idle) {
        this.session = session;
        this.idle = idle;
    }

    Session session() {
        return session;
    }

    /** Those there are now; the list does not change. */
    List<Follow> all() {
        return List.copyOf(follows);
    }

    @Nullable
    Follow find(String topic) {
        for (Follow follow : follows) {
            if (follow.topic().equals(topic)) {
                return follow;
            }
        }
        return null;
    }

    void add(Follow follow) {
        follows.add(follow);
    }

    /** Whether this walk has not been here, as far as is known; it has from now on. */
    boolean isFirstVisit(int walk) {
        boolean first = lastVisit != walk;
        lastVisit = walk;
        return first;
    }

    /** The register has something to say of it. */
    boolean followsMoreThanBroadcasts() {
        return follows.stream().anyMatch(follow -> !(follow instanceof BroadcastFollow));
    }

    /**
     * Whether it reads no log, and waits for no read that will begin. It does one at a time: what is read is to be in proportion to what its link
     * takes.
     */
    boolean isFree() {
        return reading == null;
    }

    /** Whether this read is, or now becomes, the one. */
    boolean takes(TopicRead read) {
        if (reading == null) {
            reading = read;
        }
        return reading == read;
    }

    /** If this read was the one, it is over, or of no use, or rests. */
    void free(TopicRead read) {
        if (reading == read) {
            reading = null;
            lookWhetherIdle();
        }
    }

    /** One of the follows may wish to read and could not. Most have nothing to read, and are not looked through without a reason. */
    void oneWaits() {
        waiting = true;
    }

    boolean doesOneWait() {
        return waiting;
    }

    /** Whose turn it is to read, of those that wish to; each has it before one has it again. Null: none wishes to. */
    @Nullable
    Follow nextToRead() {
        for (int looked = 0; looked < follows.size(); looked++) {
            turn = turn + 1 < follows.size() ? turn + 1 : 0;
            Follow follow = follows.get(turn);
            if (follow.wantsRead()) {
                return follow;
            }
        }
        waiting = false;
        return null;
    }

    void remove(Follow follow) {
        follows.remove(follow);
        lookWhetherIdle();
    }

    /**
     * Does something when all before it is over. It comes to its turn also after the session has ended, so that whoever waits for it hears of
     * it.
     *
     * @param work is handed what it is to run when it is over
     */
    void inTurn(Consumer<Runnable> work) {
        if (turns == null) {
            turns = new ArrayDeque<>(1);
        }
        turns.add(work);
        goOn();
    }

    private void goOn() {
        if (busy) {
            return;
        }
        Consumer<Runnable> next = turns == null ? null : turns.poll();
        if (next == null) {
            turns = null;
            lookWhetherIdle();
            return;
        }
        busy = true;
        next.accept(() -> {
            busy = false;
            goOn();
        });
    }

    /** Whether the register is to be asked what is followed. */
    boolean isRefollowDue() {
        return refollowDue;
    }

    void refollowDue(boolean is) {
        refollowDue = is;
    }

    /** The register could not tell. Answers how often in a row that was so. */
    int failed() {
        return ++failures;
    }

    void answered() {
        failures = 0;
        lookWhetherIdle();
    }

    /** Its client was told that the register could not be told that it follows this topic no longer. The oldest of too many are forgotten. */
    void unwanted(String topic) {
        if (unwanted == null) {
            unwanted = new LinkedHashSet<>(1);
        }
        unwanted.add(topic);
        if (unwanted.size() > MOST_UNWANTED) {
            unwanted.remove(unwanted.iterator().next());
        }
    }

    /** Its client wants it again, or the register has heard. */
    void wanted(String topic) {
        if (unwanted != null && unwanted.remove(topic) && unwanted.isEmpty()) {
            unwanted = null;
            lookWhetherIdle();
        }
    }

    boolean isUnwanted(String topic) {
        return unwanted != null && unwanted.contains(topic);
    }

    private void lookWhetherIdle() {
        if (follows.isEmpty() && turns == null && !busy && !refollowDue && reading == null && unwanted == null) {
            idle.accept(this);
        }
    }
}
