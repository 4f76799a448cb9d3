package io.longline.saver.topic;

import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads logs. All who want the same topic at a time ask Redis together how far it reaches, which brings what is new; what was read before comes
 * from memory. Who is farther behind reads on from where he is, together with those who are there as well. Of a broadcast topic those share a
 * read who may read equally far.
 */
public final class LogReads {
    static final int LONGEST_PAGE = 500;
    /** Of a read that is shared: nobody's own deadline is all others'. */
    private static final Duration READ = Duration.ofSeconds(5);

    private final TopicStore store;
    private final ShardCalls shards;
    private final SaverMetrics metrics;
    private final LogCache cache;
    private final SharedReads<End, LogRead> ends = new SharedReads<>();
    private final SharedReads<Place, LogRead> parts = new SharedReads<>();

    private record End(Topic topic, long upto) {}

    private record Place(End end, long after) {}

    public LogReads(TopicStore store, ShardCalls shards, TopicConfig config, SaverMetrics metrics) {
        this.store = store;
        this.shards = shards;
        this.metrics = metrics;
        this.cache = new LogCache(config.cacheBytes());
        metrics.watchTopicCache(cache::bytes, cache.limit());
    }

    /**
     * The next messages, at most {@value #LONGEST_PAGE}; what was published before this call is among them.
     *
     * @param upto of a broadcast topic, how far he may read where that is farther than everybody may
     */
    LogPage read(Topic topic, long after, long upto, int limit, Deadline deadline) {
        End to = new End(topic, topic.isBroadcast() ? upto : 0);
        int most = Math.min(limit, LONGEST_PAGE);
        LogRead end = ends.read(to, () -> readNow(to, cache.end(topic).orElse(after)), deadline);
        Optional<LogPage> known = cache.page(topic, after, most, end);
        metrics.topicRead(known.isPresent());
        if (known.isPresent()) {
            return topic.isBroadcast() ? known.get().within(Math.max(end.readable(), upto)) : known.get();
        }
        LogRead part = parts.read(new Place(to, after), () -> readNow(to, after), deadline);
        return part.page().first(most);
    }

    private LogRead readNow(End to, long after) {
        Topic topic = to.topic();
        LogRead read = shards.call(
                topic.shard(), Deadline.after(READ), () -> store.read(topic, after, to.upto(), LONGEST_PAGE));
        cache.add(topic, read);
        return read;
    }

    /** What was read is forgotten: Redis may be another one. Does not block. */
    public void forget() {
        cache.clear();
    }
}
