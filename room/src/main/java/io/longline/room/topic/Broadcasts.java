package io.longline.room.topic;

import io.longline.room.broadcast.BroadcastCounts;
import io.longline.room.broadcast.BroadcastOrder;
import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.broadcast.BroadcastTopic.Verdict;
import io.longline.room.broadcast.BroadcastTopics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has all loops do what a job wants of its broadcast. */
public final class Broadcasts {
    private static final Logger log = LoggerFactory.getLogger(Broadcasts.class);

    private final BroadcastTopics topics;
    private final List<TopicLoop> loops;

    public Broadcasts(BroadcastTopics topics, List<TopicLoop> loops) {
        this.topics = topics;
        this.loops = loops;
    }

    /**
     * What became of an order.
     *
     * @param behind of those that are sent with it
     * @param stale somebody asked otherwise since: nothing was changed
     */
    public record Answer(BroadcastCounts counts, List<BroadcastCounts> behind, boolean stale) {}

    /** Ends when each loop has taken the order; the sessions are let have it afterwards. */
    public CompletableFuture<Answer> ask(BroadcastOrder order) {
        BroadcastTopic topic = topics.appeared(order.product(), order.topic(), order.isFirst());
        return topic.take(order, verdict -> ask(topic, order, verdict));
    }

    private CompletableFuture<Answer> ask(BroadcastTopic topic, BroadcastOrder order, Verdict verdict) {
        CompletableFuture<List<BroadcastCounts>> all = CompletableFuture.completedFuture(List.of());
        for (TopicLoop loop : loops) {
            CompletableFuture<List<BroadcastCounts>> ofLoop = CompletableFuture.supplyAsync(
                    () -> loop.broadcast(topic, order, verdict == Verdict.NEWS), loop.loop());
            all = all.thenCombine(ofLoop, Broadcasts::sum);
        }
        return all.thenApply(counts -> {
            if (log.isDebugEnabled()) {
                log.debug(
                        "broadcast message_id={} job={} behind={} topic={}/{} offset={} wish={} run={} number={} verdict={} {}",
                        order.first().message().id(),
                        order.first().id(),
                        order.behind().size(),
                        order.product(),
                        order.topic(),
                        order.offset(),
                        order.wish(),
                        order.first().run(),
                        order.number(),
                        verdict,
                        counts);
            }
            return new Answer(counts.getFirst(), counts.subList(1, counts.size()), verdict == Verdict.STALE);
        });
    }

    private static List<BroadcastCounts> sum(List<BroadcastCounts> some, List<BroadcastCounts> others) {
        return some.isEmpty()
                ? others
                : IntStream.range(0, some.size())
                        .mapToObj(i -> some.get(i).plus(others.get(i)))
                        .toList();
    }
}
