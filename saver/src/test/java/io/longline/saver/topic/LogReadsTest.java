package io.longline.saver.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.SaverMetrics;
import io.longline.saver.endpoint.ShardCalls;
import io.longline.saver.endpoint.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often the store is asked, and that nobody gets less than was published before he asked. */
@Timeout(20)
final class LogReadsTest {
    private final Topic topic = new Topic("demo", "news");
    private final TreeSet<Long> published = new TreeSet<>();
    private final List<Long> asked = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<LogRead>> held = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private volatile boolean holds;
    private final LogReads reads = reads(1 << 20, registry);

    private LogReads reads(long cache, MeterRegistry counted) {
        ShardCalls shards = new ShardCalls(Duration.ofSeconds(2), shard -> {}, shard -> false, () -> {});
        return new LogReads(new Log(), shards, new TopicConfig(100, 1 << 20, cache), new SaverMetrics(counted));
    }

    private void publish(long... offsets) {
        synchronized (published) {
            for (long offset : offsets) {
                published.add(offset);
            }
        }
    }

    private List<Long> read(long after, int limit) {
        return offsets(reads.read(topic, after, limit, Deadline.afterMillis(10_000)));
    }

    private static List<Long> offsets(LogPage page) {
        return page.entries().stream().map(LogPage.Entry::offset).toList();
    }

    private CompletableFuture<List<Long>> readLater(long after) {
        return CompletableFuture.supplyAsync(() -> read(after, 10), Thread::startVirtualThread);
    }

    private void awaitAsked(int times) {
        Awaitility.await().until(() -> asked.size() == times);
    }

    private double count(String metric) {
        return registry.get(metric).counter().count();
    }

    @Test
    void aMessageIsReadFromTheStoreOnce() {
        publish(20, 30);
        assertThat(read(10, 10)).containsExactly(20L, 30L);
        publish(40);
        assertThat(read(10, 10)).containsExactly(20L, 30L, 40L);
        assertThat(read(30, 10)).containsExactly(40L);
        assertThat(read(40, 10)).isEmpty();
        assertThat(asked).containsExactly(10L, 30L, 40L, 40L);
        assertThat(count("longline.saver.topic.cache.misses")).isZero();
    }

    @Test
    void whoIsFartherBehindReadsOnFromWhereHeIs() {
        publish(5, 20, 30);
        read(20, 10);
        assertThat(read(0, 10)).containsExactly(5L, 20L, 30L);
        assertThat(asked).containsExactly(20L, 30L, 0L);
        assertThat(read(0, 2)).containsExactly(5L, 20L);
        assertThat(asked).containsExactly(20L, 30L, 0L, 30L);
        assertThat(count("longline.saver.topic.cache.misses")).isEqualTo(1);
        assertThat(count("longline.saver.topic.cache.hits")).isEqualTo(2);
    }

    @Test
    void aStormAsksOnceMoreWhateverItsSizeAndSeesWhatWasPublishedMeanwhile() throws InterruptedException {
        publish(20);
        holds = true;
        CompletableFuture<List<Long>> first = readLater(10);
        awaitAsked(1);
        publish(30);
        List<List<Long>> seen = new CopyOnWriteArrayList<>();
        List<Thread> storm = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            storm.add(Thread.startVirtualThread(() -> seen.add(read(10, 10))));
        }
        Awaitility.await().until(() -> storm.stream().allMatch(one -> one.getState() == Thread.State.TIMED_WAITING));
        holds = false;
        held.getFirst().complete(answer(10, 20));

        assertThat(first.join())
                .as("the second turn may have been faster than it")
                .startsWith(20L);
        for (Thread one : storm) {
            one.join();
        }
        assertThat(seen).hasSize(200).allSatisfy(all -> assertThat(all).containsExactly(20L, 30L));
        assertThat(asked).containsExactly(10L, 20L);
    }

    @Test
    void withoutAnyMemoryAllIsReadAllTheSame() {
        LogReads poor = reads(0, new SimpleMeterRegistry());
        publish(20, 30);
        LogPage page = poor.read(topic, 10, 1, Deadline.afterMillis(10_000));
        assertThat(offsets(page)).containsExactly(20L);
        assertThat(page.more()).isTrue();
        assertThat(page.upto()).isEqualTo(20);
    }

    @Test
    void whatTheStoreSaysToItIsTold() {
        holds = true;
        CompletableFuture<List<Long>> first = readLater(10);
        awaitAsked(1);
        holds = false;
        held.getFirst().completeExceptionally(new LonglineException(ErrorCode.OVERLOADED, "too much"));
        assertThatThrownBy(first::join).hasRootCauseMessage("too much");
        publish(20);
        assertThat(read(10, 10)).containsExactly(20L);
    }

    @Test
    void whoWaitsTooLongIsTold() {
        holds = true;
        assertThatThrownBy(() -> reads.read(topic, 10, 10, Deadline.afterMillis(20)))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    private LogRead answer(long after, long last) {
        List<LogPage.Entry> entries = published.subSet(after, false, last, true).stream()
                .map(offset -> new LogPage.Entry(offset, Long.MAX_VALUE, 5, ByteString.copyFromUtf8("m")))
                .toList();
        return new LogRead(after, 1, last, 0, new LogPage(entries, false, Math.max(after, last), 0));
    }

    private final class Log extends NoTopics {
        @Override
        public CompletionStage<LogRead> read(Topic of, long after, int limit) {
            asked.add(after);
            if (holds) {
                CompletableFuture<LogRead> answer = new CompletableFuture<>();
                held.add(answer);
                return answer;
            }
            synchronized (published) {
                return CompletableFuture.completedFuture(answer(after, published.isEmpty() ? 0 : published.last()));
            }
        }
    }
}
