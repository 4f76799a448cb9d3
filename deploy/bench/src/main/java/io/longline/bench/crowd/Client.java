package io.longline.bench.crowd;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a client keeps from one connection to the next, as an app with an SDK would. Touched on its loop alone. */
final class Client {
    private final int index;
    private final Received got = new Received();
    private final Received gotOfTopics = new Received();
    private final Map<String, Long> offsets = new HashMap<>(1);
    private final BitSet failed = new BitSet(1);
    private long taken;
    private int room;
    private long lostAtNanos;
    private long wishedNanos = Long.MIN_VALUE;
    private long boundNanos = Long.MIN_VALUE;
    private boolean isAway;
    private boolean wishes = true;
    private int turn;
    private long changedMs;
    private int attempts;
    private int uplinkRun = -1;
    private int uplinks;
    private @Nullable Unanswered unanswered;

    /** An uplink that it sends until it is acknowledged. */
    static final class Unanswered {
        final String id;
        final String text;
        final long dueNanos;
        long againNanos;

        Unanswered(String id, String text, long dueNanos) {
            this.id = id;
            this.text = text;
            this.dueNanos = dueNanos;
        }
    }

    Client(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    /**
     * A message has come.
     *
     * @param seq 0: of QoS 0
     */
    void take(long seq, Stamp stamp, CrowdCounts counts) {
        if (seq > 0 && seq <= taken) {
            counts.sawRepeat();
            return;
        }
        taken = Math.max(taken, seq);
        if (!got.add(stamp)) {
            counts.sawDouble();
        } else if (stamp.dueNanos() < boundNanos) {
            counts.sawLoaded(wishedNanos);
        } else {
            counts.sawMessage(stamp.dueNanos());
        }
    }

    /** One of a topic, broadcasts included, has come. */
    void takeOfTopic(String topic, long offset, Stamp stamp, CrowdCounts counts) {
        if (offset <= offsets.getOrDefault(topic, -1L)) {
            counts.sawRepeat();
            return;
        }
        offsets.put(topic, offset);
        if (!gotOfTopics.add(stamp)) {
            counts.sawDouble();
        } else {
            counts.sawTopicMessage(stamp.dueNanos());
        }
    }

    /** It has a session from now on, which it wished for at that moment. */
    void bound(long wished) {
        wishedNanos = wished;
        boundNanos = System.nanoTime();
    }

    int room() {
        return room;
    }

    void goesTo(int index) {
        room = index;
    }

    /** The room it went to last did not keep it. */
    void failed() {
        failed.set(room);
    }

    /** A room that it was not lost by or refused by since it had been to all; only then begins anew, elsewhere than the last time. */
    int next(Random random, int rooms) {
        if (failed.cardinality() >= rooms) {
            failed.clear();
            failed.set(room, rooms > 1);
        }
        int skip = random.nextInt(rooms - failed.cardinality());
        int next = failed.nextClearBit(0);
        while (skip-- > 0) {
            next = failed.nextClearBit(next + 1);
        }
        return next;
    }

    /** How many messages of a run it has, but for those of topics. */
    int got(int run) {
        return got.of(run);
    }

    /** Likewise of topics; these runs are others. */
    int gotOfTopics(int run) {
        return gotOfTopics.of(run);
    }

    /** The number of its next uplink of a run, from 0. */
    int nextUplink(int run) {
        if (run != uplinkRun) {
            uplinkRun = run;
            uplinks = 0;
        }
        return uplinks++;
    }

    @Nullable
    Unanswered unanswered() {
        return unanswered;
    }

    void unanswered(@Nullable Unanswered uplink) {
        unanswered = uplink;
    }

    /** Its link is gone; it wants another one. */
    void lost() {
        if (!isAway) {
            isAway = true;
            lostAtNanos = System.nanoTime();
        }
    }

    /** Whether it is to have a link, and from when on. */
    void wishes(boolean does) {
        wishes = does;
        isAway = isAway && does;
        changedMs = System.currentTimeMillis();
    }

    boolean wishes() {
        return wishes;
    }

    /** When it last wished for something else than before, in ms since 1970; 0: it never did. */
    long changedMs() {
        return changedMs;
    }

    /** What was planned for it before is over. */
    int nextTurn() {
        return ++turn;
    }

    int turn() {
        return turn;
    }

    /** It is bound, and has all that waited. */
    void caughtUp(CrowdCounts counts) {
        attempts = 0;
        failed.clear();
        if (isAway) {
            isAway = false;
            counts.sawReturn(System.nanoTime() - lostAtNanos);
        }
    }

    boolean isAway() {
        return isAway;
    }

    /** Counts one more attempt to come back; the first is 0. */
    int nextAttempt() {
        return attempts++;
    }

    @Override
    public String toString() {
        return "client " + index;
    }
}
