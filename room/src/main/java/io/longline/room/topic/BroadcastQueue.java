package io.longline.room.topic;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The follows of one loop that are still to be let have a broadcast. Those that have no position yet count, and come to their turn when they have one.
 * Who leaves is passed over when its turn comes.
 */
final class BroadcastQueue {
    private static final int FEW = 1_024;

    private final Deque<BroadcastFollow> turns = new ArrayDeque<>();
    private int round = 1;
    private int size;

    int size() {
        return size;
    }

    /** Whether somebody's turn may have come. */
    boolean hasTurns() {
        return !turns.isEmpty();
    }

    boolean has(BroadcastFollow follow) {
        return follow.waitsIn() == round;
    }

    /** Also once more, where it has a position now. */
    void add(BroadcastFollow follow) {
        if (!has(follow)) {
            follow.waitsIn(round, false);
            size++;
        }
        if (follow.isOpen() && !follow.hasTurn()) {
            follow.waitsIn(round, true);
            turns.add(follow);
            forgetThoseWhoLeft();
        }
    }

    void remove(BroadcastFollow follow) {
        if (has(follow)) {
            follow.waitsIn(0, false);
            size--;
        }
    }

    /** Whose turn it is: it does not wait any more. Null: nobody's. */
    @Nullable
    BroadcastFollow next() {
        for (BroadcastFollow next = turns.poll(); next != null; next = turns.poll()) {
            if (has(next)) {
                remove(next);
                return next;
            }
        }
        return null;
    }

    /** Nobody waits any more. */
    void clear() {
        turns.clear();
        size = 0;
        round++;
    }

    private void forgetThoseWhoLeft() {
        if (turns.size() > 2 * size + FEW) {
            turns.removeIf(follow -> !has(follow));
        }
    }
}
