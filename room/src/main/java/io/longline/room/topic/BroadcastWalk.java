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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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
    private @Nullable BroadcastTold now;
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

    /** Of what is sent, or was last; 0: nothing was. */
    long offset() {
        return now == null ? 0 : now.offset();
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
        long left = told == now && record.isToBeSent(told) ? left() + others : 0;
        return new BroadcastCounts(told.countLet() + left, told.countSent(), told.countAcked(), left);
    }

    /** Nobody is to be sent what is there. */
    boolean isDropped(long offset) {
        return record.isDropped(offset);
    }

    // ---- what the job wants ----

    /** Does what a job wants from now on; its topic has found that it counts. */
    void carryOut(BroadcastOrder order) {
        BroadcastTold told = record.find(order.jobId());
        if (told == null) {
            told = begin(order);
        }
        if (order.wish() == BroadcastWish.DROP) {
            told.drop();
        }
        if (told == now) {
            heed(order, told);
        }
    }

    private BroadcastTold begin(BroadcastOrder order) {
        if (now != null) {
            now.retire();
        }
        BroadcastTold told = record.begin(order);
        now = told;
        queue.clear();
        wish = order.wish();
        canary = order.canary();
        visitAll();
        return told;
    }

    private void heed(BroadcastOrder order, BroadcastTold told) {
        wish = order.wish();
        if (!record.isToBeSent(told)) {
            queue.clear();
            unvisited = 0;
            told.retire();
            return;
        }
        if (!order.canary().equals(canary)) {
            canary = order.canary();
            visitAll();
        }
        goOn();
        if (wish == BroadcastWish.OVER && left() == 0) {
            told.retire();
        }
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
        while (all != null && unvisited > to) {
            consider((BroadcastFollow) all.get(--unvisited));
        }
        visiting = unvisited > 0;
        if (visiting) {
            loop.afterOthers(this::visit);
        }
        goOn();
    }

    private void consider(BroadcastFollow follow) {
        BroadcastTold told = now;
        if (told == null || follow.letUpTo() >= told.offset()) {
            return;
        }
        follow.forget(told);
        boolean has = follow.isOpen() && follow.sent() >= told.offset();
        if (has || !canary.has(follow.session().endpoint().user())) {
            queue.remove(follow);
        } else {
            queue.add(follow);
        }
    }

    /** A session follows it that did not. Where all is over it reads what it is to have. */
    void added(BroadcastFollow follow) {
        BroadcastTold told = now;
        if (told != null && wish != BroadcastWish.OVER && record.isToBeSent(told)) {
            consider(follow);
        }
    }

    /** It is known how far it is, or it went elsewhere. */
    void opened(BroadcastFollow follow) {
        if (queue.has(follow)) {
            consider(follow);
        } else {
            added(follow);
        }
        look(follow);
        goOn();
    }

    void gone(BroadcastFollow follow) {
        queue.remove(follow);
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
        BroadcastTold told = now;
        if (told == null || !queue.hasTurns()) {
            return;
        }
        if (!record.isToBeSent(told)) {
            queue.clear();
            return;
        }
        boolean everybody = wish == BroadcastWish.OVER;
        int piece = Turn.visits(told.bytes());
        int wanted = Math.min(piece, queue.size());
        int may = everybody
                ? topic.pacer().takeUnpaced(wanted, told.bytes())
                : topic.pacer().take(wanted, told.bytes());
        let(told, may);
        if (queue.hasTurns() && (everybody || !topic.pacer().isOver())) {
            stepping = true;
            if (may == piece) {
                loop.afterOthers(this::step);
            } else {
                loop.later(STEP, this::step);
            }
        }
    }

    private void let(BroadcastTold told, int people) {
        boolean atOnce = isAtOnce();
        for (int i = 0; i < people; i++) {
            BroadcastFollow follow = queue.next();
            if (follow == null) {
                topic.pacer().unused(people - i);
                return;
            }
            let(told, follow, atOnce);
        }
    }

    /** Who cannot be written to now takes it when he can; where that is because something is to be read first, the pace waits for it. */
    private void let(BroadcastTold told, BroadcastFollow follow, boolean atOnce) {
        record.let(follow, told);
        follow.leaveTaken(true);
        if (atOnce && merging.collects(follow, told.hint())) {
            return;
        }
        if (follow.take(told.hint(), nowMs.getAsLong())) {
            metrics.topicWrittenFromHint();
        } else {
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
        BroadcastTold told = now;
        if (told != null && queue.has(follow) && follow.isOpen() && follow.sent() >= told.offset()) {
            queue.remove(follow); // everybody may read it, and it has
            record.let(follow, told);
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
