package io.longline.saver.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.inbox.Shard;
import io.longline.saver.message.MessageKeys;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** count.lua, windows.lua and waiting.lua. */
final class StatsScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static final Counts SOME = Counts.of(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L));
    private static final Counts NONE = Counts.of(List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L));
    private static final long HOUR_S = 3_600;
    private static final AtomicInteger names = new AtomicInteger();
    private static Shard shard;
    private static RedisStats stats;
    private final String product = "shop-" + names.incrementAndGet();
    private final String key = "{p:" + product + "}:stats";

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        stats = new RedisStats(shard.redis);
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    /** No test is cut in two by the end of a slice. */
    @BeforeEach
    void awaitASliceThatLasts() {
        await().pollInterval(Duration.ofMillis(50)).until(() -> System.currentTimeMillis() % 10_000 < 7_000);
    }

    private static <T> T answer(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(Duration.ofSeconds(30)));
    }

    private Windows windows() {
        return answer(stats.windows(product));
    }

    /** So much was accepted, and nothing else happened, in one slice of a ring, so many slices ago. */
    private void counted(String ring, long seconds, int slices, int ago, long accepted) {
        long number = System.currentTimeMillis() / 1_000 / seconds - ago;
        String slice = number + " " + accepted + " 0 0 0 0 0 0";
        byte[] bytes = slice.getBytes(StandardCharsets.UTF_8);
        answer(shard.redis.command(key, it -> it.hset(key, ring + Math.floorMod(number, slices), bytes)));
    }

    // ---- counters ----

    @Test
    void whatWasCountedJustNowIsInEachWindow() {
        answer(stats.count(product, SOME));
        answer(stats.count(product, SOME));

        Windows windows = windows();
        assertThat(windows.nowMs()).isBetween(System.currentTimeMillis() - 5_000, System.currentTimeMillis() + 5_000);
        assertThat(windows.minute()).isEqualTo(Counts.of(List.of(2L, 4L, 6L, 8L, 10L, 12L, 14L)));
        assertThat(windows.hour()).isEqualTo(windows.minute());
        assertThat(windows.day()).isEqualTo(windows.minute());
    }

    @Test
    void aProductOfWhichNothingIsKnownHasCountedNothing() {
        assertThat(windows().day()).isEqualTo(NONE);
    }

    @Test
    void whatHappenedEarlierIsInTheLongerWindowsAlone() {
        counted("s", 10, 7, 3, 10);
        counted("m", 60, 61, 30, 100);
        counted("h", HOUR_S, 25, 12, 1_000);

        Windows windows = windows();
        assertThat(windows.minute().of(Happening.ACCEPTED)).isEqualTo(10);
        assertThat(windows.hour().of(Happening.ACCEPTED)).isEqualTo(100);
        assertThat(windows.day().of(Happening.ACCEPTED)).isEqualTo(1_000);
        assertThat(windows.day().of(Happening.ACKED)).isZero();
    }

    @Test
    void theSliceInWhichAWindowBeginsCountsByItsShare() {
        counted("s", 10, 7, 6, 1_000);

        double left = 1 - System.currentTimeMillis() % 10_000 / 10_000.0;
        assertThat(windows().minute().of(Happening.ACCEPTED))
                .isBetween((long) (1_000 * left) - 150, (long) (1_000 * left) + 150);
    }

    @Test
    void aSliceOfAnEarlierTurnIsOverAndBegunAnew() {
        counted("m", 60, 61, 61, 500);
        assertThat(windows().hour()).isEqualTo(NONE);

        answer(stats.count(product, SOME));
        assertThat(windows().hour()).isEqualTo(SOME);
    }

    @Test
    void theMemoryOfAProductIsBoundedAndGoesWithIt() {
        answer(stats.count(product, SOME));

        Map<String, byte[]> fields = answer(shard.redis.command(key, it -> it.hgetall(key)));
        assertThat(fields).hasSize(3).allSatisfy((field, slice) -> {
            assertThat(field).matches("s[0-6]|m([0-9]|[1-5][0-9]|60)|h([0-9]|1[0-9]|2[0-4])");
            assertThat(new String(slice, StandardCharsets.UTF_8)).matches("\\d+ 1 2 3 4 5 6 7");
        });
        long dayMs = 24 * HOUR_S * 1_000;
        long left = answer(shard.redis.command(key, it -> it.pttl(key)));
        assertThat(left).isBetween(dayMs, 2 * dayMs);
    }

    // ---- what waits ----

    @Test
    void whatWaitsIsCountedByProductAndShard() {
        Endpoint phone = Shard.someone("phone");
        shard.storeAny(phone, "m1");
        shard.storeAny(phone, "m2");
        shard.storeAny(phone.withDevice("desk"), "m1");
        Endpoint other = new Endpoint(product, "u", "phone");
        shard.storeAny(other, "m1");

        assertThat(answer(stats.waiting("demo", phone.shard(), 100)).messages()).isEqualTo(3);
        Waiting ofOther = answer(stats.waiting(product, other.shard(), 100));
        assertThat(ofOther.messages()).isEqualTo(1);
        assertThat(ofOther.lookedAt()).isEqualTo(ofOther.inboxes()).isPositive();
        assertThat(answer(stats.waiting("shop", other.shard(), 100)).messages())
                .as("another product whose name this one's begins with")
                .isZero();
    }

    @Test
    void noMoreInboxesAreLookedAtThanWasSaid() {
        Endpoint phone = Shard.someone("phone");
        for (String device : new String[] {"a", "b", "c", "d"}) {
            shard.storeAny(phone.withDevice(device), "m1");
        }

        assertThat(answer(stats.waiting("demo", phone.shard(), 3)))
                .extracting(Waiting::inboxes, Waiting::lookedAt, Waiting::messages)
                .containsExactly(4L, 3L, 3L);
    }

    @Test
    void whatIsToBeSentLaterWaitsToo() {
        int of = Shards.of(product, "m1");
        String schedule = MessageKeys.schedule(of);
        answer(shard.redis.command(
                schedule, it -> it.zadd(schedule, 1, (product + "/m1").getBytes(StandardCharsets.UTF_8))));

        Waiting waiting = answer(stats.waiting(product, of, 100));
        assertThat(waiting.keptMessages()).isEqualTo(1);
        assertThat(waiting.keptLookedAt()).isEqualTo(waiting.kept());
        answer(shard.redis.command(schedule, it -> it.del(schedule)));
    }
}
