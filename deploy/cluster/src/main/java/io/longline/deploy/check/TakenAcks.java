package io.longline.deploy.check;

import java.util.ArrayDeque;
import java.util.Deque;

/** Up to where the saver certainly took acks, of an inbox or of a topic. A loss of Redis may undo those that the journal did not have. */
final class TakenAcks {
    private static final int MOST = 64;

    private final long journaledAfter;

    /** Those that a loss may undo. */
    private final Deque<Taken> soft = new ArrayDeque<>();

    private long hard;

    private record Taken(long upTo, long at) {}

    /** @param journaledAfter nanoseconds after which the journal has them where nothing is wrong */
    TakenAcks(long journaledAfter) {
        this.journaledAfter = journaledAfter;
    }

    void take(long upTo, long at) {
        if (upTo <= taken()) {
            return;
        }
        soft.addLast(new Taken(upTo, at));
        if (soft.size() > MOST) {
            soft.removeFirst();
        }
    }

    long taken() {
        return soft.isEmpty() ? hard : Math.max(hard, soft.getLast().upTo);
    }

    /** What no loss undoes. */
    long hard() {
        return hard;
    }

    void harden(FaultLog faults, long now) {
        soft.stream()
                .filter(each -> faults.isJournaled(each.at, now, journaledAfter))
                .forEach(each -> hard = Math.max(hard, each.upTo));
        soft.removeIf(each -> each.upTo <= hard);
    }

    /** Redis lost what it knew. */
    void soften(FaultLog faults, long now) {
        harden(faults, now);
        soft.clear();
    }

    /** It begins anew. */
    void forget() {
        soft.clear();
        hard = 0;
    }
}
