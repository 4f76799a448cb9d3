package io.longline.room.topic;

import io.longline.keeper.error.LonglineException;
import io.longline.room.RoomMetrics;
import io.longline.room.broadcast.BroadcastCounts;
import io.longline.room.broadcast.BroadcastOrder;
import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.broadcast.BroadcastTopics;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Session;
import io.longline.room.transport.Loop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** What one event loop has of topics, and what is done with it. */
public final class TopicLoop {
    /** That a bind may name: as many as an endpoint may follow. */
    private static final int MOST_WISHES = 200;

    private final Loop loop;
    private final TopicTable table;
    private final TopicReader reader;
    private final Merging merging;
    private final Passes passes;
    private final Following following;
    private final Subscriptions subscriptions;
    private final BroadcastFollowing broadcastFollowing;
    private final BroadcastSubscriptions broadcastSubscriptions;

    /** Whom a loop asks: the saver about logs, the register about who follows what, the room about broadcasts. */
    public record Asked(TopicLogs logs, Follows follows, BroadcastTopics broadcasts) {}

    /** What products say: who may follow what, and for how long messages are collected. */
    public record Rules(TopicPermission permission, MergePolicy merge) {}

    private TopicLoop(
            RoomLoop roomLoop, int maxAcks, Asked asked, Rules rules, LongSupplier nowMs, RoomMetrics metrics) {
        loop = roomLoop.loop();
        SharedPushes shared = new SharedPushes(loop, metrics);
        TopicPermission permission = rules.permission();
        table = new TopicTable(shared);
        reader = new TopicReader(loop, asked.logs(), rules.merge(), nowMs, metrics);
        merging = new Merging(loop, rules.merge(), reader, shared, nowMs, metrics);
        passes = new Passes(loop, asked.logs(), metrics, maxAcks);
        following = new Following(loop, table, reader, permission, asked.logs(), asked.follows());
        subscriptions = new Subscriptions(loop, table, reader, permission, asked.logs(), asked.follows());
        broadcastFollowing = new BroadcastFollowing(
                roomLoop,
                table,
                following,
                asked.broadcasts(),
                topic -> new BroadcastWalk(loop, table, reader, merging, topic, nowMs, metrics));
        broadcastSubscriptions =
                new BroadcastSubscriptions(loop, table, reader, asked.logs(), asked.broadcasts(), broadcastFollowing);
    }

    /**
     * Made before the loop has any session.
     *
     * @param maxAcks of follows that are no more, while the saver is away
     */
    public static TopicLoop on(
            RoomLoop roomLoop, int maxAcks, Asked asked, Rules rules, LongSupplier nowMs, RoomMetrics metrics) {
        TopicLoop made = new TopicLoop(roomLoop, maxAcks, asked, rules, nowMs, metrics);
        roomLoop.sessions().onEnd(made::ended);
        asked.broadcasts().tell(made.broadcastFollowing);
        return made;
    }

    private void ended(Session session) {
        table.ended(session);
        broadcastFollowing.ended(session);
    }

    Loop loop() {
        return loop;
    }

    TopicTable table() {
        return table;
    }

    TopicReader reader() {
        return reader;
    }

    Merging merging() {
        return merging;
    }

    /** How many bytes of messages wait for a merge window to end. */
    public int mergeBytes() {
        return merging.bytes();
    }

    /** How many topics are followed, each by as many sessions as do. */
    public int follows() {
        return table.size();
    }

    /** How many reads wait, are under way, or are to be tried again. */
    public int reads() {
        return reader.size();
    }

    /** How many acks the saver has not taken yet. */
    public int acks() {
        return passes.size();
    }

    /** How many sessions are still to be let have a broadcast that is sent. */
    public int left() {
        return broadcastFollowing.left();
    }

    /** Does what a job wants, if that is news; answers how far it is here, and each one that is sent with it. */
    List<BroadcastCounts> broadcast(BroadcastTopic topic, BroadcastOrder order, boolean news) {
        BroadcastWalk walk = broadcastFollowing.walk(topic);
        if (news) {
            walk.carryOut(order);
        }
        int others = broadcastFollowing.waiting(topic.product());
        return order.all().stream().map(job -> walk.counts(job.id(), others)).toList();
    }

    /**
     * A session is live, and its client knows.
     *
     * @param followed what its endpoint follows
     * @param wishes what its client said of topics when it bound; those that are not followed yet are from now on, if they may and that is wished
     * @param underWay is told of those that take time
     */
    public void bound(Session session, Followed followed, List<TopicWish> wishes, UnderWay underWay) {
        if (session.isEnded()) {
            return;
        }
        Map<String, TopicWish> left = new LinkedHashMap<>();
        wishes.forEach(wish -> left.put(wish.topic(), wish));
        broadcastFollowing.begin(
                session, followed.born(), ofBroadcasts(left), wish -> subscribe(session, wish, underWay));
        following.begin(session, followed.topics(), left);
        followed.topics().forEach(one -> left.remove(one.topic()));
        lookAt(session, List.copyOf(left.values()), wish -> {
            if (wish.resume()) {
                Subscriptions.refuse(session, wish.topic(), TopicFrames.notFollowed());
            } else {
                subscribe(session, wish, underWay);
            }
        });
    }

    /** Takes out those of broadcast topics, no more than may be named. */
    private static Map<String, TopicWish> ofBroadcasts(Map<String, TopicWish> wishes) {
        Map<String, TopicWish> found = wishes.values().stream()
                .filter(wish -> BroadcastTopic.is(wish.topic()))
                .limit(MOST_WISHES)
                .collect(Collectors.toMap(TopicWish::topic, Function.identity(), (a, _) -> a, LinkedHashMap::new));
        wishes.keySet().removeAll(found.keySet());
        return found.isEmpty() ? Map.of() : found;
    }

    /**
     * Its token was renewed: it may follow other topics, and wishes to follow these.
     *
     * @param underWay is told of each
     */
    public void renewed(Session session, List<TopicWish> wishes, UnderWay underWay) {
        following.renewed(session);
        lookAt(session, wishes, wish -> {
            if (wish.resume()) {
                resume(session, wish, underWay);
            } else {
                subscribe(session, wish, underWay);
            }
        });
    }

    private void resume(Session session, TopicWish wish, UnderWay underWay) {
        underWay.begun();
        if (BroadcastTopic.is(wish.topic())) {
            broadcastSubscriptions.resume(session, wish, underWay::ended);
        } else {
            subscriptions.resume(session, wish, underWay::ended);
        }
    }

    private void subscribe(Session session, TopicWish wish, UnderWay underWay) {
        underWay.begun();
        subscribe(session, wish, underWay::ended);
    }

    private void lookAt(Session session, List<TopicWish> wishes, Consumer<TopicWish> each) {
        wishes.stream().limit(MOST_WISHES).forEach(each);
        if (wishes.size() > MOST_WISHES) {
            Subscriptions.refuse(
                    session,
                    wishes.get(MOST_WISHES).topic(),
                    LonglineException.invalid(
                            "topics",
                            "names " + wishes.size() + " topics, expected at most " + MOST_WISHES
                                    + ": this one and those after it are not followed"));
        }
    }

    /** It was bound anew. */
    public void rebound(Session session, Followed followed) {
        following.rebound(session, followed.topics());
    }

    /** What its endpoint follows may have changed: the register is asked, as long as the session lives. */
    public void refollow(Session session) {
        following.refollow(session);
    }

    /**
     * Its client follows a topic, or follows it from elsewhere.
     *
     * @param done when it is known what comes of it, or the session has ended
     */
    public void subscribe(Session session, TopicWish wish, Runnable done) {
        if (BroadcastTopic.is(wish.topic())) {
            broadcastSubscriptions.subscribe(session, wish, done);
        } else {
            subscriptions.subscribe(session, wish, done);
        }
    }

    /**
     * Its client follows a topic no longer.
     *
     * @param done likewise
     */
    public void unsubscribe(Session session, String topic, Runnable done) {
        if (BroadcastTopic.is(topic)) {
            broadcastSubscriptions.unsubscribe(session, topic, done);
        } else {
            subscriptions.unsubscribe(session, topic, done);
        }
    }

    /** Everything of the topic up to this offset is acknowledged; what is beyond what was sent counts as up to what was sent. */
    public void ack(Session session, String topic, long offset) {
        Follow follow = table.find(session, topic);
        if (follow != null && follow.ack(offset)) { // one that crosses the end of a follow is no mistake
            passes.due(follow);
        }
    }

    /** The link of this session takes things again. */
    public void writable(Session session) {
        SessionFollows of = table.find(session);
        if (of != null) {
            reader.level(of);
        }
    }

    /** What was published while nobody knew of this room is read. From any thread; does not wait. */
    public void reread() {
        loop.execute(following::rereadAll);
    }
}
