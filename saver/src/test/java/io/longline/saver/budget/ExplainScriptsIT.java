package io.longline.saver.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.message.MessageId;
import io.longline.saver.message.MessageKeys;
import io.longline.saver.message.Recording;
import io.longline.stores.junit.RedisExtension;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** give_up.lua, and what record.lua notes for it. */
final class ExplainScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static final int ALL = 1_000;
    private static final AtomicInteger ids = new AtomicInteger();
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static Shard shard;
    private static RedisBudget budget;
    private static Recording records;
    private final int of = new MessageId("demo", "first").shard();

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        budget = new RedisBudget(shard.redis);
        records = new Recording(shard.redis);
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void empty() {
        shard.loseEverything();
        shard.mark();
    }

    /** One in the shard that is looked at here. */
    private MessageId id() {
        while (true) {
            MessageId id = new MessageId("demo", "m-" + ids.incrementAndGet());
            if (id.shard() == of) {
                return id;
            }
        }
    }

    private MessageId recorded() {
        MessageId id = id();
        records.record(id, "", PHONE);
        return id;
    }

    private long used(Kind kind) {
        return Shard.await(budget.used(of)).getOrDefault(kind, 0L);
    }

    private long giveUp(long bytes, int most) {
        return Shard.await(budget.giveUp(of, bytes, most)).records();
    }

    @Test
    void whatNobodyClaimedIsCountedAsWhatExplains() {
        recorded();
        assertThat(used(Kind.EXPLAIN)).isBetween(300L, 450L);
        assertThat(used(Kind.RECORD)).isZero();

        records.record(id(), "body", PHONE);
        assertThat(used(Kind.RECORD)).isBetween(300L, 450L);
    }

    @Test
    void theOldestIsGivenUpFirstUntilEnoughIsFree() {
        MessageId first = recorded();
        long one = used(Kind.EXPLAIN);
        MessageId second = recorded();
        MessageId third = recorded();

        assertThat(giveUp(one + 1, ALL)).isEqualTo(2);

        assertThat(records.isKnown(first)).isFalse();
        assertThat(records.isKnown(second)).isFalse();
        assertThat(records.isKnown(third)).isTrue();
        assertThat(used(Kind.EXPLAIN)).isBetween(one - 10, one + 10);
    }

    @Test
    void whereAllIsGivenUpNothingIsCountedAnyMore() {
        recorded();
        recorded();

        assertThat(giveUp(Long.MAX_VALUE >> 12, ALL)).isEqualTo(2);
        assertThat(giveUp(Long.MAX_VALUE >> 12, ALL)).isZero();

        assertThat(used(Kind.EXPLAIN)).isZero();
        assertThat(shard.hash(InboxKeys.used(of))).isEmpty();
    }

    @Test
    void noMoreAreGivenUpAtOnceThanWasSaid() {
        recorded();
        recorded();
        recorded();
        assertThat(giveUp(Long.MAX_VALUE >> 12, 2)).isEqualTo(2);
    }

    @Test
    void anEarlierHourComesFirst() {
        MessageId now = recorded();
        MessageId earlier = id();
        records.record(earlier, "", PHONE);
        long hour = System.currentTimeMillis() / 3_600_000;
        String tag = "{s" + of + "}";
        Shard.await(shard.redis.command(
                tag, it -> it.lrem(tag + ":explain:" + hour, 1, earlier.text().getBytes(UTF_8))));
        Shard.await(shard.redis.command(
                tag,
                it -> it.rpush(tag + ":explain:" + (hour - 3), earlier.text().getBytes(UTF_8))));
        Shard.await(shard.redis.command(
                tag, it -> it.hset(InboxKeys.used(of), Map.of("explain:" + (hour - 3), "300".getBytes(UTF_8)))));

        assertThat(giveUp(1, ALL)).isEqualTo(1);
        assertThat(records.isKnown(earlier)).isFalse();
        assertThat(records.isKnown(now)).isTrue();
    }

    @Test
    void neitherAClaimNorWhatIsToBeSentLaterIsEverGivenUp() {
        MessageId claimed = id();
        records.record(claimed, "body", PHONE);
        MessageId claimedSince = recorded();
        write(claimedSince, "hash", "body");
        MessageId scheduled = recorded();
        write(scheduled, "scheduled", "99");

        assertThat(giveUp(Long.MAX_VALUE >> 12, ALL)).isZero();

        assertThat(records.isKnown(claimed)).isTrue();
        assertThat(records.isKnown(claimedSince)).isTrue();
        assertThat(records.isKnown(scheduled)).isTrue();
    }

    private void write(MessageId id, String field, String value) {
        String key = MessageKeys.record(id);
        Shard.await(shard.redis.command(key, it -> it.hset(key, field, value.getBytes(UTF_8))));
    }

    @Test
    void whatWaitsIsNotTouched() {
        Endpoint phone = Shard.someone("phone");
        shard.storeAny(phone, "m1");
        recorded();

        for (int each = 0; each < 256; each++) {
            var _ = Shard.await(budget.giveUp(each, Long.MAX_VALUE >> 12, ALL));
        }

        assertThat(shard.waiting(phone)).hasSize(1);
        assertThat(shard.copyOf(phone, "m1")).containsEntry("state", "STORED");
    }
}
