package io.longline.room.topic;

import io.longline.room.RoomMetrics;
import io.longline.room.broadcast.BroadcastCounts;
import io.longline.room.broadcast.BroadcastOrder;
import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.broadcast.BroadcastWish;
import io.longline.room.broadcast.Canary;
import io.longline.room.transport.Loop;
import io.longline.room.transport.Turn;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Brings the broadcasts of one topic to those of one loop who follow it, some at a time, as the pace allows. First it looks for those who are to have
 * it; who comes later is met as soon as it is known how far he is. On that loop.
 */
final class BroadcastWalk {
    private static final Duration STEP = Duration.ofMillis(20);

    private final Loop loop;
    private final TopicTable table;
    private final TopicReader reader;
    private final Merging merging;
    private final BroadcastTopic topic;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;
    private final BroadcastQueue queue = new BroadcastQueue();
    private final BroadcastRecord record;
    private BroadcastSeries series = BroadcastSeries.NONE;
    private BroadcastWish wish = BroadcastWish.REST;
    private Canary canary = new Canary("", "", 0);
    private int unvisited; // followers, from the first on
    private int unseen; // sessions, of which it is not known whether they are to follow it
    private boolean visiting;
    private boolean stepping;

    BroadcastWalk(
            Loop loop,
            TopicTable table,
            TopicReader reader,
            Merging merging,
            BroadcastTopic topic,
            LongSupplier nowMs,
            RoomMetrics metrics) {
        this.loop = loop;
        this.table = table;
        this.reader = reader;
        this.merging = merging;
        this.topic = topic;
        this.nowMs = nowMs;
        this.metrics = metrics;
        this.record = new BroadcastRecord(nowMs, metrics);
    }

    BroadcastTopic topic() {
        return topic;
    }

    /** The highest one that is sent, or was; 0: nothing was. */
    long offset() {
        return record.highest();
    }

    /** Who waits for it here, as far as was looked. */
    int left() {
        return queue.size() + unvisited + unseen;
    }

    /** The topic has just appeared, and so many sessions are still to be looked at. */
    void unseen(int sessions) {
        unseen = sessions;
    }

    /**
     * Of a job that is kept.
     *
     * @param others who is to follow the topic, too, as soon as it is known what there is to follow
     */
    BroadcastCounts counts(String jobId, int others) {
        BroadcastTold told = record.find(jobId);
        if (told == null) {
            return BroadcastCounts.NONE;
        }
        boolean isSent = series.has(told) && record.isToBeSent(told);
        long unsure = isSent ? unvisited + unseen + others : 0;
        long waiting = isSent ? told.countWaiting() : 0;
        long targeted = told.countLet() + waiting + (told.isBegunAgain() ? 0 : unsure);
        return new BroadcastCounts(targeted, told.countSent(), told.countAcked(), waiting + unsure);
    }

    /** Nobody is to be sent what is there. */
    boolean isDropped(long offset) {
        return record.isDropped(offset);
    }

    // ---- what the job wants ----

    /** Does what a job wants from now on; its topic has found that it counts. */
    void carryOut(BroadcastOrder order) {
        if (order.wish() == BroadcastWish.DROP) {
            order.all().forEach(job -> record.drop(record.of(job)));
        }
        if (order.offset() < series.begin()) {
            return; // it was their turn before
        }
        boolean isTheirs = order.wish() != BroadcastWish.DROP;
        if (isTheirs && !begin(order)) {
            heed(order);
        } else if (!isTheirs && order.offset() == series.begin()) {
            wish = order.wish();
            over(); // those behind it, too, come in a turn of their own
        }
    }

    /** True: it is another's turn from now on. */
    private boolean begin(BroadcastOrder order) {
        BroadcastSeries next =
                new BroadcastSeries(order.all().stream().map(record::of).toList());
        if (next.isSameAs(series)) {
            return false;
        }
        if (next.isBeginningOf(series)) {
            series.cut(next);
            series = next;
            return false;
        }
        series.over(next);
        queue.clear();
        if (order.isToBeSent()) {
            order.all().forEach(job -> record.again(record.of(job), job));
        }
        series = next;
        wish = order.wish();
        canary = order.canary();
        visitAll();
        return true;
    }

    private void heed(BroadcastOrder order) {
        wish = order.wish();
        if (series.due(record).isEmpty()) {
            over();
            return;
        }
        if (!order.canary().equals(canary)) {
            canary = order.canary();
            visitAll();
        }
        goOn();
        if (wish == BroadcastWish.OVER && left() == 0) {
            series.retire();
        }
    }

    private void over() {
        clear();
        unvisited = 0;
        series.retire();
    }

    private void clear() {
        queue.clear();
        series.nobodyWaits();
    }

    // ---- who is to have it ----

    private void visitAll() {
        Followers all = table.followers(topic.product(), topic.name());
        unvisited = all == null ? 0 : all.size();
        if (!visiting) {
            visit();
        }
    }

    /** From the last to the first: who leaves gives his place to the last one. */
    private void visit() {
        Followers all = table.followers(topic.product(), topic.name());
        unvisited = all == null ? 0 : Math.min(unvisited, all.size());
        int to = Math.max(0, unvisited - Turn.VISITS);
        List<BroadcastTold> due = series.due(record);
        while (all != null && unvisited > to) {
            consider((BroadcastFollow) all.get(--unvisited), due);
        }
        visiting = unvisited > 0;
        if (visiting) {
            loop.afterOthers(this::visit);
        }
        goOn();
    }

    private void consider(BroadcastFollow follow, List<BroadcastTold> due) {
        if (due.isEmpty()) {
            return;
        }
        series.forget(follow); // before what it has anyway counts as let
        passOver(follow);
        if (follow.letUpTo() >= due.getLast().offset()) {
            remove(follow);
        } else if (canary.has(follow.session().endpoint().user())) {
            if (!queue.has(follow)) {
                series.begins(follow);
            }
            queue.add(follow);
        } else {
            remove(follow);
        }
    }

    /** What it has by its position it is not let have. */
    private void passOver(BroadcastFollow follow) {
        List<BroadcastTold> passed = follow.isOpen() ? series.passedBy(follow) : List.of();
        if (!passed.isEmpty()) {
            follow.passes(passed.getLast().offset());
            if (queue.has(follow)) {
                passed.forEach(told -> told.wait(-1));
            }
        }
    }

    private void remove(BroadcastFollow follow) {
        if (queue.has(follow)) {
            series.ends(follow);
            queue.remove(follow);
        }
    }

    /** A session follows it that did not. Where all is over it reads what it is to have, and where the first was dropped nobody is sent anything. */
    void added(BroadcastFollow follow) {
        if (wish != BroadcastWish.OVER && wish != BroadcastWish.DROP) {
            consider(follow, series.due(record));
        }
    }

    /** It is known how far it is, or it went elsewhere. */
    void opened(BroadcastFollow follow) {
        if (queue.has(follow)) {
            consider(follow, series.due(record));
        } else {
            added(follow);
        }
        look(follow);
        goOn();
    }

    void gone(BroadcastFollow follow) {
        remove(follow);
        if (follow.isLeaveTaken()) {
            follow.leaveTaken(false);
            topic.pacer().unused(1);
        }
    }

    // ---- letting them ----

    private void goOn() {
        if (!stepping) {
            step();
        }
    }

    private void step() {
        stepping = false;
        if (!queue.hasTurns()) {
            return;
        }
        List<BroadcastTold> due = series.due(record);
        if (due.isEmpty()) {
            clear();
            return;
        }
        boolean everybody = wish == BroadcastWish.OVER;
        long bytes = due.stream().mapToLong(BroadcastTold::bytes).sum();
        int piece = Turn.visits(bytes);
        int wanted = Math.min(piece, queue.size());
        int may = everybody
                ? topic.pacer().takeUnpaced(wanted, bytes)
                : topic.pacer().take(wanted, bytes);
        let(due, may);
        if (queue.hasTurns() && (everybody || !topic.pacer().isOver())) {
            stepping = true;
            if (may == piece) {
                loop.afterOthers(this::step);
            } else {
                loop.later(STEP, this::step);
            }
        }
    }

    private void let(List<BroadcastTold> due, int people) {
        List<TopicHint> hints = due.stream().map(BroadcastTold::hint).toList();
        for (int i = 0; i < people; i++) {
            BroadcastFollow follow = queue.next();
            if (follow == null) {
                topic.pacer().unused(people - i);
                return;
            }
            series.ends(follow);
            int from = 0;
            while (from < due.size() && due.get(from).offset() <= follow.letUpTo()) {
                from++;
            }
            due.subList(from, due.size()).forEach(told -> record.let(follow, told));
            send(follow, hints.subList(from, hints.size()));
        }
    }

    /** Who cannot be written to now takes it when he can; where that is because something is to be read first, the pace waits for it. */
    private void send(BroadcastFollow follow, List<TopicHint> hints) {
        if (hints.isEmpty()) {
            topic.pacer().unused(1);
            return;
        }
        follow.leaveTaken(true);
        if (isAtOnce() && merging.collects(follow, hints)) {
            return;
        }
        int taken = follow.take(hints, nowMs.getAsLong());
        metrics.topicWrittenFromHint(taken);
        if (taken < hints.size()) {
            reader.level(follow);
            settleLeave(follow);
        }
    }

    /** As fast as the room can: what has a pace is spread by it, and comes when it is due. */
    private boolean isAtOnce() {
        return !topic.pacer().limitsBytes()
                && (wish == BroadcastWish.OVER || !topic.pacer().isPaced());
    }

    /** It may have been sent more. */
    void look(BroadcastFollow follow) {
        if (queue.has(follow) && follow.isOpen()) { // everybody may read it, and it has
            for (BroadcastTold told : series.passedBy(follow)) {
                told.wait(-1);
                if (record.isToBeSent(told)) {
                    record.let(follow, told);
                }
                follow.passes(told.offset());
            }
            List<BroadcastTold> due = series.due(record);
            if (due.isEmpty() || follow.letUpTo() >= due.getLast().offset()) {
                remove(follow);
            }
        }
        record.sent(follow);
        settleLeave(follow);
    }

    private void settleLeave(BroadcastFollow follow) {
        if (follow.isLeaveTaken() && (follow.sent() >= follow.letUpTo() || !follow.isToRead())) {
            follow.leaveTaken(false);
            topic.pacer().used(1);
        }
    }

    void acked(BroadcastFollow follow) {
        record.acked(follow);
    }
}
