package io.longline.room.topic;

import java.util.List;

/**
 * The broadcasts of one topic that are sent together, in order of offset: who is let have one of them is let have all that he has not. Usually it is
 * one. Of each is counted who waits for it.
 */
final class BroadcastSeries {
    static final BroadcastSeries NONE = new BroadcastSeries(List.of());

    private final List<BroadcastTold> all;

    BroadcastSeries(List<BroadcastTold> all) {
        this.all = List.copyOf(all);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    boolean has(BroadcastTold told) {
        return all.contains(told);
    }

    /** Of the first; 0: there is none. */
    long begin() {
        return all.isEmpty() ? 0 : all.getFirst().offset();
    }

    boolean isSameAs(BroadcastSeries other) {
        return all.equals(other.all);
    }

    /** Whether it is the other one without some at its end. */
    boolean isBeginningOf(BroadcastSeries other) {
        return all.size() <= other.all.size() && all.equals(other.all.subList(0, all.size()));
    }

    /** Those that somebody is to be sent. */
    List<BroadcastTold> due(BroadcastRecord record) {
        return all.size() == 1 && record.isToBeSent(all.getFirst())
                ? all
                : all.stream().filter(record::isToBeSent).toList();
    }

    /** What is not in the next one is sent no more. */
    void over(BroadcastSeries next) {
        for (BroadcastTold told : all) {
            told.nobodyWaits();
            if (!next.has(told)) {
                told.retire();
            }
        }
    }

    /** The same, but for those in the next one everybody waits further. */
    void cut(BroadcastSeries next) {
        for (BroadcastTold told : all) {
            if (!next.has(told)) {
                told.nobodyWaits();
                told.retire();
            }
        }
    }

    void retire() {
        all.forEach(BroadcastTold::retire);
    }

    // ---- who waits ----

    /** It waits for all that are beyond what it was let have. */
    void begins(BroadcastFollow follow) {
        count(follow, 1);
    }

    /** It does not any more; it was let have nothing since it began to. */
    void ends(BroadcastFollow follow) {
        count(follow, -1);
    }

    private void count(BroadcastFollow follow, int more) {
        for (BroadcastTold told : all) {
            if (told.offset() > follow.letUpTo()) {
                told.wait(more);
            }
        }
    }

    void nobodyWaits() {
        all.forEach(BroadcastTold::nobodyWaits);
    }

    /** Of those it was not let have nothing is known of it. */
    void forget(BroadcastFollow follow) {
        for (BroadcastTold told : all) {
            if (told.offset() > follow.letUpTo()) {
                follow.forget(told);
            }
        }
    }

    /** Those that it was not let have, and was sent. */
    List<BroadcastTold> passedBy(BroadcastFollow follow) {
        if (all.isEmpty() || follow.sent() < begin()) {
            return List.of();
        }
        return all.stream()
                .filter(told -> told.offset() > follow.letUpTo() && told.offset() <= follow.sent())
                .toList();
    }
}
