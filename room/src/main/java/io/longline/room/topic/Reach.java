package io.longline.room.topic;

import io.longline.room.RoomMetrics;
import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.broadcast.BroadcastTopics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the word that a topic reaches so far to all sessions of this room that follow it. */
public final class Reach {
    private static final Logger log = LoggerFactory.getLogger(Reach.class);

    private final List<TopicLoop> loops;
    private final BroadcastTopics broadcasts;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;

    public Reach(List<TopicLoop> loops, BroadcastTopics broadcasts, LongSupplier nowMs, RoomMetrics metrics) {
        this.loops = loops;
        this.broadcasts = broadcasts;
        this.nowMs = nowMs;
        this.metrics = metrics;
    }

    /** Ends when every follower was visited. Of broadcasts it says that everybody may read them so far. */
    public CompletableFuture<TopicReached> tell(String product, String topic, TopicHint hint) {
        if (BroadcastTopic.is(topic)) {
            broadcasts.appeared(product, topic, false).opens(hint.offset());
        }
        CompletableFuture<TopicReached> all = CompletableFuture.completedFuture(new TopicReached(0, 0));
        for (TopicLoop topics : loops) {
            CompletableFuture<TopicReached> ofLoop = new CompletableFuture<>();
            topics.loop().execute(() -> begin(topics, product, topic, hint, ofLoop));
            all = all.thenCombine(ofLoop, TopicReached::plus);
        }
        return all.whenComplete((reached, _) -> {
            if (reached != null && log.isDebugEnabled()) {
                log.debug(
                        "reach message_id={} topic={}/{} offset={} followers={} written={}",
                        hint.message() == null ? "" : hint.message().id(),
                        product,
                        topic,
                        hint.offset(),
                        reached.followers(),
                        reached.written());
            }
        });
    }

    private void begin(
            TopicLoop topics, String product, String topic, TopicHint hint, CompletableFuture<TopicReached> done) {
        Followers followers = topics.table().followers(product, topic);
        if (followers == null) {
            done.complete(new TopicReached(0, 0));
        } else if (!BroadcastTopic.is(topic) && topics.merging().collects(followers, hint)) {
            done.complete(new TopicReached(followers.size(), 0)); // written when the window is over
        } else {
            new ReachWalk(topics, followers, hint, nowMs.getAsLong(), metrics, done).goOn();
        }
    }
}
