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
    private final Topic broadcast = new Topic("demo", "*");
    private volatile boolean holds;
    private volatile long readable;
    private volatile long cuts;
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
        return offsets(reads.read(topic, after, 0, limit, Deadline.afterMillis(10_000)));
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

    private List<Long> readBroadcast(long after, long upto) {
        return offsets(reads.read(broadcast, after, upto, 10, Deadline.afterMillis(10_000)));
    }

    @Test
    void whoMayReadFartherGetsThatFromTheStoreAndTheRestFromMemory() {
        publish(20, 30, 40);
        readable = 20;
        assertThat(readBroadcast(10, 0)).containsExactly(20L);
        assertThat(readBroadcast(10, 30)).containsExactly(20L, 30L);
        assertThat(readBroadcast(15, 40)).containsExactly(20L, 30L, 40L);
        assertThat(readBroadcast(10, 0)).containsExactly(20L);
        assertThat(readBroadcast(20, 30)).containsExactly(30L);
        assertThat(asked).containsExactly(10L, 20L, 20L, 20L, 20L);
        readable = 40;
        assertThat(readBroadcast(10, 0)).containsExactly(20L, 30L, 40L);
        assertThat(readBroadcast(10, 30)).as("everybody may").containsExactly(20L, 30L, 40L);
    }

    @Test
    void whoIsBehindWhatHeMayReadIsToldHowFarThatIs() {
        publish(20, 30, 40);
        readable = 20;
        assertThat(reads.read(broadcast, 30, 0, 10, Deadline.afterMillis(10_000)))
                .isEqualTo(new LogPage(List.of(), false, 20, 0));
        assertThat(reads.read(broadcast, 40, 30, 10, Deadline.afterMillis(10_000)))
                .isEqualTo(new LogPage(List.of(), false, 30, 0));
        assertThat(readBroadcast(10, 0)).containsExactly(20L);
    }

    @Test
    void onlyThoseWhoMayReadEquallyFarShareARead() {
        publish(20, 30);
        holds = true;
        var mine = CompletableFuture.supplyAsync(() -> readBroadcast(10, 0), Thread::startVirtualThread);
        awaitAsked(1);
        var farther = CompletableFuture.supplyAsync(() -> readBroadcast(10, 30), Thread::startVirtualThread);
        awaitAsked(2);
        held.get(1).complete(answer(10, 30, 0, 30));
        held.get(0).complete(answer(10, 0, 0, 30));
        assertThat(mine.join()).isEmpty();
        assertThat(farther.join()).containsExactly(20L, 30L);
        holds = false;
        assertThat(readBroadcast(10, 0))
                .as("nothing was kept of what not everybody may read")
                .isEmpty();
    }

    @Test
    void whatWasTakenOutIsReadByNobodyWhoComesLater() {
        publish(20, 30);
        readable = 30;
        assertThat(readBroadcast(10, 0)).containsExactly(20L, 30L);
        synchronized (published) {
            published.remove(20L);
        }
        cuts = 7;
        assertThat(readBroadcast(10, 0)).containsExactly(30L);
        assertThat(readBroadcast(10, 0)).containsExactly(30L);
        assertThat(asked).as("once more, and then from memory").containsExactly(10L, 30L, 10L, 30L);
    }

    @Test
    void withoutAnyMemoryAllIsReadAllTheSame() {
        LogReads poor = reads(0, new SimpleMeterRegistry());
        publish(20, 30);
        LogPage page = poor.read(topic, 10, 0, 1, Deadline.afterMillis(10_000));
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
        assertThatThrownBy(() -> reads.read(topic, 10, 0, 10, Deadline.afterMillis(20)))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    private LogRead answer(long after, long last) {
        return answer(after, last, last, last);
    }

    /** Of a topic that its reader may read up to {@code bound}, everybody up to {@code open}. */
    private LogRead answer(long after, long bound, long open, long given) {
        long last = Math.min(given, bound);
        List<LogPage.Entry> entries = after >= last
                ? List.of()
                : published.subSet(after, false, last, true).stream()
                        .map(offset -> new LogPage.Entry(offset, Long.MAX_VALUE, 5, ByteString.copyFromUtf8("m")))
                        .toList();
        return new LogRead(after, 1, last, open, cuts, 0, new LogPage(entries, false, Math.max(after, last), 0));
    }

    private final class Log extends NoTopics {
        @Override
        public CompletionStage<LogRead> read(Topic of, long after, long upto, int limit) {
            asked.add(after);
            if (holds) {
                CompletableFuture<LogRead> answer = new CompletableFuture<>();
                held.add(answer);
                return answer;
            }
            synchronized (published) {
                long last = published.isEmpty() ? 0 : published.last();
                return CompletableFuture.completedFuture(
                        of.isBroadcast()
                                ? answer(after, Math.max(readable, upto), readable, last)
                                : answer(after, last));
            }
        }
    }
}
