package io.longline.coordinator.uplink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.longline.coordinator.outbox.Event;
import io.longline.coordinator.outbox.EventFields;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.coordinator.outbox.OutboxStore;
import io.longline.coordinator.outbox.RedisOutbox;
import io.longline.coordinator.outbox.Ref;
import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.stores.junit.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The scripts of uplinks on a real Redis. */
@Timeout(60)
class RedisUplinksIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration NOW = Duration.ZERO;

    private final RedisStore redis =
            new RedisStore(new RedisConfig(REDIS.uri().toString(), Duration.ofSeconds(10)), new SimpleMeterRegistry());
    private final UplinkStore store = uplinks(new OutboxConfig.Limits(3, 5, 1_000), Duration.ofDays(1));
    private final OutboxStore outbox = new RedisOutbox(redis);
    private final String product = "p-" + UUID.randomUUID().toString().substring(0, 8);
    private final int shard = Shards.of(product, "u1");
    private final Stream orders = new Stream(shard, product, "uplink.order");
    private final String me = "me-" + product;

    @BeforeEach
    void start() {
        redis.start();
    }

    @AfterEach
    void stop() {
        outbox.release(shard, hold(me, LEASE).map(OutboxStore.Held::fence).orElse(0L));
        redis.close();
    }

    private Uplink uplink(String device, String id) {
        Uplink.Place place = new Uplink.Place("room-1", 7, 1, 2, 3);
        Uplink.Sender sender = new Uplink.Sender(product, "u1", device, 9_007_199_254_740_000L, place);
        return new Uplink(sender, "order", id, true, ByteString.copyFromUtf8("says " + id));
    }

    private UplinkStore uplinks(OutboxConfig.Limits limits, Duration rememberIds) {
        return new RedisUplinks(
                redis,
                limits,
                new UplinkConfig(rememberIds, new UplinkConfig.Unclaimed(1, 1, 1), RedisRepliesIT.CONFIG));
    }

    private KeepOutcome keep(UplinkStore in, Uplink uplink) {
        return RedisStore.await(in.keep(uplink, true, 0), Deadline.after(Duration.ofSeconds(10)));
    }

    private KeepOutcome keep(String device, String id) {
        return keep(store, uplink(device, id));
    }

    /** Whoever another test left it to. */
    private Optional<OutboxStore.Held> hold(String holder, Duration lease) {
        return outbox.hold(shard, holder, lease, NOW);
    }

    private long fence() {
        return hold(me, LEASE).orElseThrow().fence();
    }

    private List<Ref> waiting(long fence) {
        return outbox.index(orders, fence, 0, 100).orElseThrow().refs();
    }

    private KeepOutcome keepOf(String device, int perMinute, String id) {
        return RedisStore.await(
                store.keep(uplink(device, id), true, perMinute), Deadline.after(Duration.ofSeconds(10)));
    }

    @Test
    void anEndpointThatIsOverItsMinuteIsRefusedThroughWhicheverRoomItComes() {
        assertThat(keepOf("phone", 1, "a")).isEqualTo(KeepOutcome.KEPT);
        assertThat(keepOf("phone", 1, "b")).isEqualTo(KeepOutcome.OVER_RATE);
        assertThat(keepOf("phone", 1, "b")).as("it was not kept").isEqualTo(KeepOutcome.OVER_RATE);
        assertThat(keepOf("phone", 1, "a")).as("what is repeated is none more").isEqualTo(KeepOutcome.REPEATED);
        assertThat(keepOf("pad", 1, "b")).isEqualTo(KeepOutcome.KEPT);

        assertThat(keepOf("phone", 0, "b")).as("any number").isEqualTo(KeepOutcome.KEPT);
        assertThat(keepOf("phone", 600, "c")).as("a minute of it is used up").isEqualTo(KeepOutcome.KEPT);
        String key = UplinkKeys.rate(shard, uplink("phone", "a").sender());
        long left = RedisStore.await(redis.command(key, it -> it.pttl(key)), Deadline.after(Duration.ofSeconds(10)));
        assertThat(left).isBetween(1L, 65_000L);
    }

    @Test
    void whatIsKeptWaitsInOrderWithAllThatItSays() {
        ByteString bytes = ByteString.copyFrom(new byte[] {0, (byte) 0xff, '\n'});
        Uplink second = new Uplink(uplink("pad", "b").sender(), "order", "b", false, bytes);
        keep("phone", "a");
        keep(store, second);

        long fence = fence();
        List<Ref> refs = waiting(fence);

        assertThat(refs).extracting(Ref::endpoint).containsExactly("u1/phone", "u1/pad");
        assertThat(refs).extracting(Ref::size).containsExactly(6, 3);
        assertThat(refs.get(1).seq()).isGreaterThan(refs.get(0).seq());
        List<Event> kept = outbox.bodies(orders, fence, refs).orElseThrow();
        assertThat(kept)
                .extracting(Event::seq)
                .containsExactly(refs.get(0).seq(), refs.get(1).seq());
        assertThat(kept).extracting(Event::device).containsExactly("phone", "pad");
        assertThat(kept).extracting(Event::user).containsOnly("u1");
        assertThat(kept).extracting(Event::generation).containsOnly(9_007_199_254_740_000L);
        assertThat(kept)
                .extracting(Event::payload)
                .containsExactly(uplink("phone", "a").payload(), bytes);
        assertThat(kept.get(0).fields())
                .isEqualTo(Map.of(
                        EventFields.UPLINK_ID, "a",
                        EventFields.PAYLOAD_KIND, EventFields.TEXT,
                        EventFields.PLACE, "room-1 7 1 2 3"));
        assertThat(kept.get(1).field(EventFields.PAYLOAD_KIND)).isEqualTo(EventFields.DATA);
        assertThat(kept.get(0).atMs()).isEqualTo(kept.get(0).seq() / 1024);
        assertThat(kept.get(0).id())
                .isEqualTo("uplink.order." + shard + "." + refs.get(0).seq());
    }

    @Test
    void whatSaysNothingIsFinishedLikeAnythingElse() {
        keep(store, new Uplink(uplink("phone", "a").sender(), "order", "a", true, ByteString.EMPTY));
        long fence = fence();

        assertThat(outbox.finish(orders, fence, waiting(fence))).isTrue();

        assertThat(waiting(fence)).isEmpty();
    }

    @Test
    void theSameIdOfAnEndpointIsKeptOnceAlsoWhenItWasDelivered() {
        assertThat(keep("phone", "a")).isEqualTo(KeepOutcome.KEPT);
        assertThat(keep("phone", "a")).isEqualTo(KeepOutcome.REPEATED);
        assertThat(keep("pad", "a")).isEqualTo(KeepOutcome.KEPT);
        long fence = fence();
        assertThat(waiting(fence)).hasSize(2);

        assertThat(outbox.finish(orders, fence, waiting(fence))).isTrue();

        assertThat(keep("phone", "a")).isEqualTo(KeepOutcome.REPEATED);
        assertThat(waiting(fence)).isEmpty();
    }

    @Test
    void anIdIsForgottenAfterItsTime() {
        UplinkStore forgetful = uplinks(new OutboxConfig.Limits(100, 100, 1_000), Duration.ofMillis(50));
        assertThat(keep(forgetful, uplink("phone", "a"))).isEqualTo(KeepOutcome.KEPT);

        await().until(() -> keep(forgetful, uplink("phone", "a")) == KeepOutcome.KEPT);
    }

    @Test
    void asManyOfAnEndpointAndInAStreamWaitAsMayAndThereIsRoomAgainWhenTheyAreDelivered() {
        for (String id : List.of("a", "b", "c")) {
            assertThat(keep("phone", id)).isEqualTo(KeepOutcome.KEPT);
        }
        assertThat(keep("phone", "d")).isEqualTo(KeepOutcome.ENDPOINT_FULL);
        assertThat(keep("pad", "a")).isEqualTo(KeepOutcome.KEPT);
        assertThat(keep("pad", "b")).isEqualTo(KeepOutcome.KEPT);
        assertThat(keep("pad", "c")).isEqualTo(KeepOutcome.STREAM_FULL);

        long fence = fence();
        outbox.finish(orders, fence, waiting(fence).subList(0, 1));

        assertThat(keep("phone", "d")).isEqualTo(KeepOutcome.KEPT);
        assertThat(keep("watch", "e")).isEqualTo(KeepOutcome.STREAM_FULL);
        assertThat(waiting(fence)).as("the others are behind the stream").hasSize(2);
    }

    @Test
    void asManyBytesWaitInAStreamAsMayHoweverOftenTheyAreBroughtOrFinished() {
        UplinkStore small = uplinks(new OutboxConfig.Limits(100, 100, 40), Duration.ofDays(1));
        assertThat(keep(small, sized("a", 12))).isEqualTo(KeepOutcome.KEPT);
        assertThat(keep(small, sized("a", 12))).isEqualTo(KeepOutcome.REPEATED);
        assertThat(keep(small, sized("b", 8))).isEqualTo(KeepOutcome.KEPT);
        assertThat(keep(small, sized("c", 21))).isEqualTo(KeepOutcome.STREAM_FULL);
        long fence = fence();
        List<Ref> refs = waiting(fence);
        outbox.finish(orders, fence, refs.subList(1, 2));
        outbox.finish(orders, fence, refs.subList(1, 2));

        assertThat(keep(small, sized("d", 29))).isEqualTo(KeepOutcome.STREAM_FULL);
        assertThat(keep(small, sized("d", 8))).isEqualTo(KeepOutcome.KEPT);

        outbox.finish(orders, fence, waiting(fence));
        assertThat(keep(small, sized("e", 41))).isEqualTo(KeepOutcome.KEPT); // or it would never be taken
        assertThat(keep(small, sized("f", 1))).isEqualTo(KeepOutcome.STREAM_FULL);
    }

    @Test
    void whatWasKeptBeforeBytesWereCountedMakesNoRoomThatIsNotThere() {
        UplinkStore small = uplinks(new OutboxConfig.Limits(100, 100, 20), Duration.ofDays(1));
        keep(small, sized("a", 15));
        redisDo(it -> it.hdel(orders.waitingKey(), "bytes"));
        assertThat(keep(small, sized("b", 4))).isEqualTo(KeepOutcome.KEPT);
        long fence = fence();
        outbox.finish(orders, fence, waiting(fence).subList(0, 1));

        assertThat(keep(small, sized("c", 20))).isEqualTo(KeepOutcome.KEPT); // none is known of
        assertThat(keep(small, sized("d", 1))).isEqualTo(KeepOutcome.STREAM_FULL);
    }

    private Uplink sized(String id, int bytes) {
        return new Uplink(uplink("phone", id).sender(), "order", id, true, ByteString.copyFromUtf8("x".repeat(bytes)));
    }

    @Test
    void aStreamIsNamedWhileSomethingWaitsInIt() {
        assertThat(hold(me, LEASE).orElseThrow().streams()).doesNotContain(orders);
        keep("phone", "a");
        assertThat(hold(me, LEASE).orElseThrow().streams()).contains(orders);
        long fence = fence();

        outbox.finish(orders, fence, waiting(fence));

        assertThat(hold(me, LEASE).orElseThrow().streams()).doesNotContain(orders);
        keep("phone", "b");
        assertThat(hold(me, LEASE).orElseThrow().streams()).contains(orders);
    }

    @Test
    void theIndexGoesOnAfterASeqAndStopsWhereItIsTold() {
        List.of("a", "b", "c").forEach(id -> keep("phone", id));
        long fence = fence();
        List<Ref> all = waiting(fence);

        long last = all.get(2).seq();
        assertThat(outbox.index(orders, fence, 0, 2))
                .contains(new OutboxStore.Page(all.subList(0, 2), all.get(1).seq(), true));
        assertThat(outbox.index(orders, fence, all.get(1).seq(), 2))
                .contains(new OutboxStore.Page(all.subList(2, 3), last, false));
        assertThat(outbox.index(orders, fence, last, 2)).contains(new OutboxStore.Page(List.of(), last, false));
    }

    @Test
    void aLeaseHasOneHolderUntilItRunsOutAndEachHasAGreaterFence() {
        long first = hold(me, Duration.ofMillis(300)).orElseThrow().fence();
        assertThat(fence()).isEqualTo(first); // renewed
        assertThat(hold("other", LEASE)).isEmpty();
        outbox.release(shard, first);

        long second = hold("other", Duration.ofMillis(1)).orElseThrow().fence();
        assertThat(second).isGreaterThan(first);
        await().until(() -> hold(me, LEASE).isPresent());
        assertThat(fence()).isGreaterThan(second);
    }

    @Test
    void whomTheShardDoesNotBelongToTakesItWhenItWasFreeForLong() {
        Duration free = Duration.ofMillis(400);
        outbox.release(shard, fence());

        assertThat(outbox.hold(shard, "stranger", LEASE, Duration.ofHours(1))).isEmpty();
        await().until(() -> outbox.hold(shard, "stranger", LEASE, free).isPresent());
        outbox.release(
                shard, outbox.hold(shard, "stranger", LEASE, free).orElseThrow().fence());
    }

    @Test
    void whoLostTheLeaseNeitherReadsNorFinishesNorGivesBack() {
        keep("phone", "a");
        long old = fence();
        List<Ref> refs = waiting(old);
        outbox.release(shard, old);
        long now = hold("other", LEASE).orElseThrow().fence();

        assertThat(outbox.index(orders, old, 0, 10)).isEmpty();
        assertThat(outbox.bodies(orders, old, refs)).isEmpty();
        assertThat(outbox.finish(orders, old, refs)).isFalse();
        outbox.release(shard, old);

        assertThat(hold(me, LEASE)).isEmpty();
        assertThat(waiting(now)).isEqualTo(refs);
        outbox.release(shard, now);
    }

    @Test
    void whatIsGoneHasNoBodyAndToFinishItTwiceDoesNoHarm() {
        keep("phone", "a");
        keep("phone", "b");
        long fence = fence();
        List<Ref> refs = waiting(fence);
        outbox.finish(orders, fence, refs.subList(0, 1));

        assertThat(outbox.finish(orders, fence, refs.subList(0, 1))).isTrue();
        assertThat(outbox.bodies(orders, fence, refs).orElseThrow())
                .extracting(Event::seq)
                .containsExactly(refs.get(1).seq());
        IntStream.range(0, 2).forEach(i -> assertThat(keep("phone", "c" + i)).isEqualTo(KeepOutcome.KEPT));
        assertThat(keep("phone", "d")).isEqualTo(KeepOutcome.ENDPOINT_FULL);
    }

    @Test
    void aSeqIsNotGivenTwiceThoughTheStreamWasEmptyAndTheClockWentBack() {
        keep("phone", "a");
        long tomorrow = waiting(fence()).getFirst().seq() + Duration.ofDays(1).toMillis() * 1024;
        redisDo(it -> it.hset(orders.waitingKey(), "", Long.toString(tomorrow).getBytes(UTF_8)));
        keep("phone", "b");
        long fence = fence();
        outbox.finish(orders, fence, waiting(fence));
        assertThat(waiting(fence)).isEmpty();
        assertThat(timeLeft()).isPositive(); // what is idle is not there for ever

        keep("phone", "c");

        assertThat(waiting(fence)).extracting(Ref::seq).containsExactly(tomorrow + 2);
        assertThat(timeLeft()).isEqualTo(-1);
    }

    @Test
    void whereRedisHasNoMemoryLeftNothingIsKeptButWhatWaitsLeaves() {
        keep("phone", "a");
        redisEverywhere("1");
        try {
            assertThatThrownBy(() -> keep("phone", "b"))
                    .isInstanceOfSatisfying(
                            LonglineException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
            long fence = fence();
            List<Ref> refs = waiting(fence);
            assertThat(outbox.bodies(orders, fence, refs).orElseThrow()).hasSize(1);
            assertThat(outbox.finish(orders, fence, refs)).isTrue();
            assertThat(waiting(fence)).isEmpty();
            outbox.release(shard, fence);
            assertThat(hold("other", Duration.ofMillis(1)).orElseThrow().fence())
                    .isGreaterThan(fence);
            await().until(() -> hold(me, LEASE).isPresent());
        } finally {
            redisEverywhere("0");
        }
        assertThat(keep("phone", "b")).isEqualTo(KeepOutcome.KEPT);
    }

    private <T> T redisDo(Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return RedisStore.await(redis.command(orders.waitingKey(), command), Deadline.after(Duration.ofSeconds(10)));
    }

    private long timeLeft() {
        return redisDo(it -> it.pttl(orders.waitingKey()));
    }

    private void redisEverywhere(String maxMemory) {
        List<String> _ = RedisStore.await(
                redis.everywhere(it -> it.configSet("maxmemory", maxMemory)), Deadline.after(Duration.ofSeconds(10)));
    }

    @Test
    void aProductIsAdmittedItsRateAndToldWhenTheNextOneWouldBe() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        assertThat(store.admit(product, 3, 10, deadline).count()).isEqualTo(3);

        UplinkStore.Admitted admitted = store.admit(product, 100, 10, deadline);

        assertThat(admitted.count()).isGreaterThanOrEqualTo(7).isLessThan(100);
        assertThat(admitted.nextInMs()).isBetween(1L, 1_000L);
        await().until(() -> store.admit(product, 1, 10, deadline).count() == 1);
    }
}
