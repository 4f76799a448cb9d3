package io.longline.coordinator.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.coordinator.outbox.RedisPutBack.Outcome;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class PutBackScriptIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
    private final RedisPutBack store = new RedisPutBack(redis, new OutboxConfig.Limits(2, 3, 1_000));
    private final OutboxStore outbox = new RedisOutbox(redis);
    private final String product = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final Stream orders = new Stream(Shards.of(product, "u1"), product, "uplink.order");

    @BeforeEach
    void start() {
        redis.start();
    }

    @AfterEach
    void stop() {
        outbox.release(orders.shard(), fence());
        redis.close();
    }

    private long fence() {
        return outbox.hold(orders.shard(), "me", Duration.ofSeconds(30), Duration.ZERO)
                .orElseThrow()
                .fence();
    }

    private DeadLetter letter(String device, long seq) {
        return new DeadLetter(
                orders,
                "uplink.order.7." + device,
                seq,
                1_700_000_000_123L,
                "u1",
                device,
                9_007_199_254_740_000L,
                Map.of(EventFields.UPLINK_ID, "i1", EventFields.PAYLOAD_KIND, EventFields.DATA),
                ByteString.copyFrom(new byte[] {0, -1, 10}));
    }

    private Outcome putBack(DeadLetter letter) {
        return store.putBack(letter, true, Deadline.after(Duration.ofSeconds(10)));
    }

    private List<Event> waiting() {
        long fence = fence();
        List<Ref> refs = outbox.index(orders, fence, 0, 100).orElseThrow().refs();
        return outbox.bodies(orders, fence, refs).orElseThrow();
    }

    @Test
    void whatIsPutBackWaitsUnderANewSeqWithItsOldIdAndAllThatItSaid() {
        assertThat(putBack(letter("phone", 5))).isEqualTo(Outcome.KEPT);

        Event event = waiting().getFirst();
        assertThat(event.id()).isEqualTo("uplink.order.7.phone");
        assertThat(event.seq()).isGreaterThan(5);
        assertThat(event.seq() / 1024).isEqualTo(event.atMs());
        assertThat(event.happenedAtMs()).isEqualTo(1_700_000_000_123L);
        assertThat(event.user()).isEqualTo("u1");
        assertThat(event.device()).isEqualTo("phone");
        assertThat(event.generation()).isEqualTo(9_007_199_254_740_000L);
        assertThat(event.field(EventFields.UPLINK_ID)).isEqualTo("i1");
        assertThat(event.field(EventFields.PAYLOAD_KIND)).isEqualTo("data");
        assertThat(event.payload()).isEqualTo(letter("phone", 5).payload());
        String told = new String(EventJson.body(List.of(event)), UTF_8);
        assertThat(told).contains("\"id\":\"uplink.order.7.phone\"").contains("\"ts_ms\":1700000000123");
    }

    @Test
    void afterEachDeathItIsPutBackOnce() {
        putBack(letter("phone", 5));

        assertThat(putBack(letter("phone", 5))).isEqualTo(Outcome.REPEATED);
        assertThat(waiting()).hasSize(1);
        assertThat(putBack(letter("phone", 6))).isEqualTo(Outcome.KEPT);
        assertThat(waiting()).hasSize(2);
    }

    @Test
    void whereNoRoomIsItIsNotPutBackAndMayBeLater() {
        putBack(letter("phone", 5));
        putBack(letter("phone", 6));
        assertThat(putBack(letter("phone", 7))).isEqualTo(Outcome.ENDPOINT_FULL);
        putBack(letter("pad", 8));
        assertThat(putBack(letter("tv", 9))).isEqualTo(Outcome.STREAM_FULL);

        long fence = fence();
        outbox.finish(
                orders, fence, outbox.index(orders, fence, 0, 100).orElseThrow().refs());

        assertThat(putBack(letter("phone", 7))).isEqualTo(Outcome.KEPT);
        assertThat(waiting()).as("it is behind, as another one still is").isEmpty();
    }

    @Test
    void whatNobodyTakesIsNotPutBackAndAGroupCountsWhatIs() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        assertThat(store.putBack(letter("phone", 5), false, deadline)).isEqualTo(Outcome.UNCLAIMED);
        assertThat(waiting()).isEmpty();
        group(Map.of("audit", "7", "audit/", "0"));

        assertThat(store.putBack(letter("phone", 5), false, deadline)).isEqualTo(Outcome.KEPT);

        assertThat(waiting()).hasSize(1);
        assertThat(group("audit/")).isEqualTo("1");
    }

    private void group(Map<String, String> fields) {
        fields.forEach((name, value) -> {
            Boolean _ = RedisStore.await(
                    redis.command(orders.groupsKey(), it -> it.hset(orders.groupsKey(), name, value.getBytes(UTF_8))),
                    Deadline.after(Duration.ofSeconds(10)));
        });
    }

    private String group(String name) {
        byte[] value = RedisStore.await(
                redis.command(orders.groupsKey(), it -> it.hget(orders.groupsKey(), name)),
                Deadline.after(Duration.ofSeconds(10)));
        return new String(value, UTF_8);
    }
}
