package io.longline.saver.topic;

import static io.longline.saver.topic.Logs.HOUR_MS;
import static io.longline.saver.topic.Logs.bodies;
import static io.longline.saver.topic.Logs.message;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.LogBounds;
import io.longline.keeper.product.LogLimits;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.topic.PublishOutcome.NoRoom;
import io.longline.saver.topic.PublishOutcome.Published;
import io.longline.saver.topic.TopicStore.Head;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** publish.lua, published.lua, read.lua and head.lua. */
final class LogScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static final AtomicInteger ids = new AtomicInteger();
    private static Shard shard;
    private Logs logs;
    private final Topic topic = Logs.someTopic();
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void empty() {
        logs = new Logs(shard, 10_000, 16 << 20);
        shard.loseEverything();
        shard.mark();
    }

    private long used() {
        return Long.parseLong(shard.hash(InboxKeys.used(topic.shard())).getOrDefault("topic", "0"));
    }

    private Topic neighbour() {
        return IntStream.range(0, 100_000)
                .mapToObj(i -> new Topic("demo", "neighbour-" + i))
                .filter(other -> other.shard() == topic.shard())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMessageIsPublishedOnceForEachId() {
        Published first = logs.publish(message(topic, "m1", HOUR_MS));
        assertThat(first.before()).isZero();
        assertThat(first.repeated()).isFalse();
        assertThat(first.sentAtMs()).isCloseTo(now, offset(60_000L));
        assertThat(first.expiresAtMs()).isEqualTo(first.sentAtMs() + HOUR_MS);
        assertThat(first.offset() / 1024).isCloseTo(now, offset(60_000L));

        Published second = logs.publish(message(topic, "m2", HOUR_MS));
        assertThat(second.before()).isEqualTo(first.offset());
        assertThat(second.offset()).isGreaterThan(first.offset());
        assertThat(logs.publish(message(topic, "m1", HOUR_MS)))
                .isEqualTo(new Published(first.offset(), 0, true, first.sentAtMs(), first.expiresAtMs()));
        assertThat(logs.bodies(topic)).containsExactly("body of m1", "body of m2");
    }

    @Test
    void whatWasSentAtSomeTimeKeepsIt() {
        assertThat(logs.publish(message(topic, "m1", now - 5, now + HOUR_MS, "b")))
                .returns(now - 5, Published::sentAtMs)
                .returns(now + HOUR_MS, Published::expiresAtMs);
        assertThat(logs.read(topic, 0, 10).page().entries().getFirst())
                .returns(now - 5, LogPage.Entry::sentAtMs)
                .returns(now + HOUR_MS, LogPage.Entry::expiresAtMs);
    }

    @Test
    void topicsOfAShardShareTheirOffsetsAndNothingElse() {
        long first = logs.publish(topic, "m1");
        Published other = logs.publish(message(neighbour(), "m1", HOUR_MS));
        assertThat(other.offset()).isGreaterThan(first);
        assertThat(other.before()).isZero();
        assertThat(logs.bodies(topic)).hasSize(1);
    }

    @Test
    void withoutRoomOnlyWhatIsNewIsRefused() {
        assertThat(Shard.await(logs.store.publish(message(topic, "m1", HOUR_MS), false)))
                .isEqualTo(new NoRoom());
        long there = logs.publish(topic, "m1");
        assertThat(Shard.await(logs.store.publish(message(topic, "m1", HOUR_MS), false)))
                .isInstanceOfSatisfying(
                        Published.class, again -> assertThat(again.offset()).isEqualTo(there));
    }

    @Test
    void whereRedisHasNoMemoryLeftNothingIsPublishedAndAllIsRead() {
        logs.publishExpired(topic, "m1");
        logs.publish(topic, "m2");
        shard.whileFull(() -> {
            assertThatThrownBy(() -> logs.publish(topic, "m3"))
                    .isInstanceOfSatisfying(
                            LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
            assertThat(logs.bodies(topic)).containsExactly("body of m2");
        });
    }

    @Test
    void theOldestLeaveWhereThereAreTooManyAndWhoeverIsBehindThemIsTold() {
        Logs few = new Logs(shard, 3, 16 << 20);
        long first = few.publish(topic, "m1");
        long second = few.publish(topic, "m2");
        long third = few.publish(topic, "m3");
        assertThat(few.gap(topic, 0)).isZero();
        few.publish(topic, "m4");
        few.publish(topic, "m5");

        assertThat(few.bodies(topic)).containsExactly("body of m3", "body of m4", "body of m5");
        assertThat(few.gap(topic, 0)).isEqualTo(third);
        assertThat(few.gap(topic, first)).isEqualTo(third);
        assertThat(few.gap(topic, second)).isZero();
        assertThat(few.hasSend(topic, second)).isFalse();
        assertThat(few.hasSend(topic, third)).isTrue();
    }

    @Test
    void theyLeaveWhereTheyTakeTooMuchButForTheNewest() {
        Logs small = new Logs(shard, 100, 20_000);
        for (int i = 0; i < 10; i++) {
            small.publish(message(topic, "m" + i, 0, HOUR_MS, "x".repeat(4000)));
        }
        assertThat(small.offsets(topic)).hasSize(3);
        small.publish(message(topic, "large", 0, HOUR_MS, "x".repeat(60_000)));
        assertThat(small.offsets(topic)).hasSize(1);
    }

    @Test
    void aProductsLogsHoldLessThanTheSaverLetsThemAndNeverMore() {
        AtomicReference<LogLimits> ofDemo = new AtomicReference<>(new LogLimits(3, 0, 0, Map.of()));
        Logs limited = new Logs(shard, Logs.limits(5, 16 << 20, () -> requireNonNull(ofDemo.get())));
        publish(limited, topic, 4);
        assertThat(limited.offsets(topic)).hasSize(3);
        Topic others = new Topic("other", topic.name());
        publish(limited, others, 6);
        assertThat(limited.offsets(others)).as("of a product that says nothing").hasSize(5);

        ofDemo.set(new LogLimits(100, 0, 0, Map.of()));
        publish(limited, topic, 6);
        assertThat(limited.offsets(topic)).as("the saver's bound").hasSize(5);
        ofDemo.set(new LogLimits(2, 0, 0, Map.of()));
        assertThat(limited.offsets(topic)).as("nothing came since").hasSize(5);
        long newest = publish(limited, topic, 1);
        assertThat(limited.offsets(topic)).hasSize(2).last().isEqualTo(newest);
        assertThat(limited.gap(topic, 0)).isEqualTo(limited.offsets(topic).getFirst());
    }

    @Test
    void anEntryOfATopicComesBeforeWhatItsProductSaysOfAll() {
        LogLimits limits = new LogLimits(
                2, 20_000, 0, Map.of("topic-*", new LogBounds(4, 0, 0), topic.name(), new LogBounds(0, 1 << 20, 0)));
        Logs limited = new Logs(shard, Logs.limits(100, 16 << 20, limits));
        Topic next = Logs.someTopic();
        publish(limited, next, 6);
        assertThat(limited.offsets(next)).as("by its pattern").hasSize(4);
        for (int i = 0; i < 6; i++) {
            limited.publish(message(next, "large" + i, 0, HOUR_MS, "x".repeat(6_000)));
        }
        assertThat(limited.offsets(next)).as("in bytes as the product").hasSize(2);
        for (int i = 0; i < 6; i++) {
            limited.publish(message(topic, "large" + i, 0, HOUR_MS, "x".repeat(16_000)));
        }
        assertThat(limited.offsets(topic)).as("in messages as the product").hasSize(2);
    }

    /** So many, the offset of the last. */
    private static long publish(Logs to, Topic topic, int count) {
        long offset = 0;
        for (int i = 0; i < count; i++) {
            offset = to.publish(topic, "m" + ids.incrementAndGet());
        }
        return offset;
    }

    @Test
    void whatExpiresIsNoGapAndLeavesWhenItIsMet() {
        logs.publishExpired(topic, "m1");
        assertThat(logs.entries(topic)).as("nobody has met it").isEqualTo(1);
        logs.publish(topic, "m2");
        assertThat(logs.entries(topic)).as("it was at the head of the log").isEqualTo(1);

        logs.publishExpired(topic, "m3");
        logs.publish(topic, "m4");
        assertThat(logs.entries(topic)).as("behind one that lives").isEqualTo(3);
        LogRead read = logs.read(topic, 0, 10);
        assertThat(bodies(read.page())).containsExactly("body of m2", "body of m4");
        assertThat(read.page().gap()).isZero();
        assertThat(logs.entries(topic)).isEqualTo(2);
    }

    @Test
    void theSendOfWhatExpiredIsKnownForAnHourMore() {
        long atTheHead = logs.publishExpired(topic, "m1");
        logs.publish(topic, "m2");
        long met = logs.publishExpired(topic, "m3");
        logs.publish(topic, "m4");
        logs.read(topic, 0, 10);
        long tooMany = logs.publishExpired(topic, "m5");
        new Logs(shard, 1, 1 << 20).publish(topic, "m6");

        assertThat(logs.entries(topic)).isEqualTo(1);
        for (long offset : new long[] {atTheHead, met, tooMany}) {
            assertThat(logs.hasSend(topic, offset)).isTrue();
            assertThat(shard.left(TopicKeys.send(topic.shard(), offset))).isBetween(HOUR_MS - 60_000, HOUR_MS);
        }
    }

    @Test
    void aPageHasSoManyAndNotMoreBytesThanFitAndSaysUpToWhere() {
        for (int i = 0; i < 40; i++) {
            logs.publish(topic, "m" + i);
        }
        var offsets = logs.offsets(topic);
        LogPage page = logs.read(topic, 0, 20).page();
        assertThat(page.entries()).hasSize(20);
        assertThat(page.more()).isTrue();
        assertThat(page.upto()).isEqualTo(offsets.get(19));
        LogPage rest = logs.read(topic, page.upto(), 20).page();
        assertThat(rest.entries()).hasSize(20);
        assertThat(rest.more()).isFalse();
        assertThat(rest.upto()).isEqualTo(offsets.get(39));
        assertThat(logs.read(topic, rest.upto(), 20).page().entries()).isEmpty();

        Topic large = neighbour();
        for (int i = 0; i < 4; i++) {
            logs.publish(message(large, "m" + i, 0, HOUR_MS, "x".repeat(100_000)));
        }
        assertThat(logs.read(large, 0, 20).page().entries()).hasSize(2);
    }

    @Test
    void ofATopicThatNobodyKnowsNothingIsRead() {
        assertThat(logs.read(topic, 7, 10))
                .returns(0L, LogRead::last)
                .returns(new LogPage(List.of(), false, 7, 0), LogRead::page);
        assertThat(Shard.await(logs.store.head(topic, 3))).isEqualTo(new Head(0, 0));
    }

    @Test
    void theNewestMessagesAreCountedWithoutThoseThatExpired() {
        long first = logs.publish(topic, "m1");
        long second = logs.publish(topic, "m2");
        logs.publishExpired(topic, "m3");
        long last = logs.publish(topic, "m4");

        assertThat(Shard.await(logs.store.head(topic, 0))).isEqualTo(new Head(last, last));
        assertThat(Shard.await(logs.store.head(topic, 1))).isEqualTo(new Head(last, last - 1));
        assertThat(Shard.await(logs.store.head(topic, 2))).isEqualTo(new Head(last, second - 1));
        assertThat(Shard.await(logs.store.head(topic, 3))).isEqualTo(new Head(last, first - 1));
        assertThat(Shard.await(logs.store.head(topic, 50))).isEqualTo(new Head(last, first - 1));
    }

    @Test
    void whereAllOfALogIsWantedItsMessagesAreNotRead() {
        long first = logs.publish(topic, "m0");
        for (int i = 1; i < 100; i++) {
            logs.publish(topic, "m" + i);
        }
        shard.forgetCalls();
        assertThat(Shard.await(logs.store.head(topic, 500)).position()).isEqualTo(first - 1);
        assertThat(shard.calls("xrevrange")).isZero();
        assertThat(shard.calls("xrange")).isEqualTo(1);
        shard.forgetCalls();
        Shard.await(logs.store.head(topic, 0));
        assertThat(shard.calls("xrange") + shard.calls("xrevrange")).isZero();
    }

    @Test
    void aMessageIsKnownByItsIdAlsoAfterItLeft() {
        Logs few = new Logs(shard, 1, 16 << 20);
        long first = few.publish(topic, "m1");
        few.publish(topic, "m2");
        assertThat(few.isPublished(topic, "m1", first)).isTrue();
        assertThat(few.isPublished(topic, "m1", first + 1)).isFalse();
        assertThat(few.isPublished(topic, "m3", first)).isFalse();
    }

    @Test
    void memoryIsCountedUntilTheLogIsEmpty() {
        logs.publish(topic, "m1");
        long one = used();
        assertThat(one).isBetween(4500L, 6500L);
        logs.publish(topic, "m1");
        assertThat(used()).isEqualTo(one);
        Logs single = new Logs(shard, 1, 16 << 20);
        single.publish(topic, "m2");
        assertThat(used()).as("one came and one left").isEqualTo(one);

        Topic over = neighbour();
        logs.publishExpired(over, "m1");
        assertThat(used()).isGreaterThan(one + 4000);
        assertThat(logs.bodies(over)).isEmpty();
        assertThat(used()).as("but for the topic itself").isBetween(one + 400, one + 700);
        assertThat(shard.exists(TopicKeys.log(over))).isZero();
    }

    @Test
    void allOfItGoesByItselfSomeTimeAfterItHasExpired() {
        long at = logs.publish(topic, "m1");
        assertThat(shard.left(TopicKeys.send(topic.shard(), at))).isBetween(HOUR_MS, 2 * HOUR_MS);
        assertThat(shard.left(TopicKeys.log(topic))).isBetween(HOUR_MS, 2 * HOUR_MS);
        assertThat(shard.left(TopicKeys.topic(topic))).isBetween(24 * HOUR_MS, 25 * HOUR_MS);
        assertThat(shard.left(TopicKeys.id(topic, "m1"))).isBetween(23 * HOUR_MS, 24 * HOUR_MS);
        logs.publish(message(topic, "m2", 50 * HOUR_MS));
        logs.publish(topic, "m3");
        assertThat(shard.left(TopicKeys.log(topic))).isBetween(50 * HOUR_MS, 51 * HOUR_MS);
    }
}
