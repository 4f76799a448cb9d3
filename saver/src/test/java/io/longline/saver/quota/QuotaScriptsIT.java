package io.longline.saver.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.quota.RedisQuota.Spent;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** grant.lua and spend.lua. */
final class QuotaScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    private static final AtomicInteger names = new AtomicInteger();
    private static RedisStore store;
    private static RedisQuota quotas;
    private final String product = "shop-" + names.incrementAndGet();
    private final String user = "u" + names.incrementAndGet();
    private final String sent = Shards.tag(Shards.of(product, user)) + ":sent:" + product + "/" + user;

    @BeforeAll
    static void connect() {
        store = new RedisStore(
                new RedisConfig(redis.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
        store.start();
        quotas = new RedisQuota(store);
    }

    @AfterAll
    static void disconnect() {
        store.close();
    }

    /** No test is cut in two by the end of an hour. */
    @BeforeEach
    void awaitAnHourThatLasts() {
        await().atMost(Duration.ofSeconds(30)).until(() -> System.currentTimeMillis() % HOUR_MS < HOUR_MS - 20_000);
    }

    private static <T> T answer(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(Duration.ofSeconds(30)));
    }

    private Grant grant(long needed, long wanted, long rate, long quota) {
        return answer(quotas.grant(product, needed, wanted, rate, quota));
    }

    private Spent spend(int bytes, UserLimits limits) {
        return answer(quotas.spend(product, user, bytes, limits));
    }

    private long left(String key) {
        return answer(store.command(key, redis -> redis.pttl(key)));
    }

    private static Grant granted(long messages) {
        return new Grant(messages, 0, false);
    }

    @Test
    void aBucketHoldsASecondOfTheRateAndNoMore() {
        assertThat(grant(1, 5000, 1000, 0)).isEqualTo(granted(1000));
    }

    @Test
    void nothingIsGrantedBeyondWhatIsWanted() {
        assertThat(grant(1, 10, 1000, 0)).isEqualTo(granted(10));
        assertThat(grant(1, 5000, 1000, 0).messages()).isBetween(990L, 1000L);
    }

    @Test
    void aListThatIsLargerThanTheRateIsGrantedAndPaidForAfterwards() {
        assertThat(grant(61, 62, 1, 0)).isEqualTo(granted(61));

        Grant over = grant(1, 1, 1, 0);
        assertThat(over.messages()).isZero();
        assertThat(over.dayOver()).isFalse();
        assertThat(over.retryMs()).isBetween(50_000L, 62_000L);
        assertThat(left("{p:" + product + "}:quota")).isBetween(50_000L, 62_000L);
    }

    @Test
    void aRateThatIsRaisedPaysADebtSooner() {
        grant(1000, 1000, 10, 0);

        assertThat(grant(1, 1, 10, 0).retryMs()).isGreaterThan(90_000);
        assertThat(grant(1, 1, 100, 0).retryMs()).isLessThan(11_000);
        assertThat(grant(1, 1, 1_000_000, 0).messages()).isEqualTo(1);
    }

    @Test
    void aRateThatIsLoweredDoesNotPunishWhatWasWithinTheOneBefore() {
        grant(5000, 5000, 5000, 0);

        assertThat(grant(1, 1, 10, 0).retryMs()).isLessThanOrEqualTo(1000);
    }

    @Test
    void overTimeItIsTheRateWhateverIsAskedFor() {
        long begin = System.nanoTime();
        long first = System.currentTimeMillis();
        long messages = 0;
        while (System.currentTimeMillis() - first < 2000) {
            messages += grant(1, 50, 200, 0).messages();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;

        assertThat(messages).isBetween(200L + 300, (long) (200 + 200 * seconds) + 1);
    }

    @Test
    void aQuotaOfTheDayIsGrantedToItsLastMessage() {
        assertThat(grant(4, 1000, 0, 10)).isEqualTo(granted(4));
        Grant over = grant(7, 7, 0, 10);
        assertThat(over.messages()).isZero();
        assertThat(over.dayOver()).isTrue();
        assertThat(over.retryMs()).isBetween(1L, DAY_MS);
        assertThat(grant(6, 6, 0, 10)).isEqualTo(granted(6));
        assertThat(grant(1, 1, 0, 10).dayOver()).isTrue();
        assertThat(grant(1, 1, 0, 11)).isEqualTo(granted(1));
        assertThat(left("{p:" + product + "}:quota")).isBetween(1L, DAY_MS);
    }

    @Test
    void aheadOfNeedAHundredthOfWhatIsLeftIsGranted() {
        assertThat(grant(1, 1001, 0, 1001)).isEqualTo(granted(11));
    }

    @Test
    void whatTheRateRefusesDoesNotCountForTheDay() {
        grant(61, 61, 1, 62);
        Grant over = grant(1, 1, 1, 62);

        assertThat(over.messages()).isZero();
        assertThat(over.dayOver()).isFalse();
        assertThat(grant(1, 1, 0, 62)).isEqualTo(granted(1));
    }

    @Test
    void yesterdayDoesNotCount() {
        grant(10, 10, 0, 10);
        assertThat(grant(1, 1, 0, 10).messages()).isZero();
        String key = "{p:" + product + "}:quota";
        answer(store.command(key, redis -> redis.hincrby(key, "day", -1)));

        assertThat(grant(10, 10, 0, 10)).isEqualTo(granted(10));
    }

    @Test
    void aUserIsSentSoManyMessagesAnHourAndADay() {
        UserLimits hourly = new UserLimits(2, 0, 3, 0);
        assertThat(spend(9, hourly)).isEqualTo(new Spent(UserLimit.NONE, 0));
        assertThat(spend(9, hourly).limit()).isEqualTo(UserLimit.NONE);

        Spent over = spend(9, hourly);
        assertThat(over.limit()).isEqualTo(UserLimit.HOUR_MESSAGES);
        assertThat(over.leftMs()).isBetween(1L, HOUR_MS);
        answer(store.command(sent, redis -> redis.hincrby(sent, "HOUR", -1)));
        assertThat(spend(9, hourly).limit()).as("in the next hour").isEqualTo(UserLimit.NONE);
        Spent overDay = spend(9, hourly);
        assertThat(overDay.limit()).isEqualTo(UserLimit.DAY_MESSAGES);
        assertThat(overDay.leftMs()).isBetween(1L, DAY_MS);
        assertThat(left(sent)).isBetween(1L, DAY_MS);
    }

    @Test
    void aUserIsSentSoManyBytesAnHourAndADay() {
        UserLimits limits = new UserLimits(0, 100, 0, 130);
        assertThat(spend(60, limits).limit()).isEqualTo(UserLimit.NONE);
        assertThat(spend(41, limits).limit()).isEqualTo(UserLimit.HOUR_BYTES);
        assertThat(spend(40, limits).limit())
                .as("what was refused is not counted")
                .isEqualTo(UserLimit.NONE);
        assertThat(spend(31, limits).limit()).as("the day comes first").isEqualTo(UserLimit.DAY_BYTES);
        assertThat(spend(0, limits).limit()).isEqualTo(UserLimit.NONE);
        assertThat(new RedisReply(
                        answer(store.command(sent, redis -> redis.hmget(sent, "HOUR_BYTES", "DAY_MESSAGES"))).stream()
                                .<Object>map(field -> field.getValue())
                                .toList()))
                .satisfies(kept -> assertThat(kept.decimal(0)).isEqualTo(100))
                .satisfies(kept -> assertThat(kept.decimal(1)).isEqualTo(3));
    }

    @Test
    void usersAndProductsAreCountedEachByThemselves() {
        UserLimits one = new UserLimits(1, 0, 0, 0);
        spend(1, one);

        assertThat(answer(quotas.spend(product, user + "x", 1, one)).limit()).isEqualTo(UserLimit.NONE);
        assertThat(answer(quotas.spend(product + "x", user, 1, one)).limit()).isEqualTo(UserLimit.NONE);
        assertThat(spend(1, one).limit()).isEqualTo(UserLimit.HOUR_MESSAGES);
    }
}
