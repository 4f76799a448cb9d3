package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.life.LifeCycle;
import io.longline.keeper.rpc.Deadline;
import io.longline.room.RoomClocks;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import io.longline.rpc.v1.Route;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Bind;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A room whose clocks are not those of the others; Redis' clock is the machine's here. */
@Timeout(60)
class ClockIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Duration HOUR = Duration.ofHours(1);
    private static final long NEAR_MS = 100;

    private final AtomicLong wallAheadMs = new AtomicLong();
    private final AtomicLong monotonicAheadNanos = new AtomicLong();
    private final RoomClocks clocks = new RoomClocks(
            () -> System.currentTimeMillis() + wallAheadMs.get(), () -> System.nanoTime() + monotonicAheadNanos.get());
    private final LifeCycle parts = new LifeCycle();

    private RoomWorld open() {
        return parts.add(new RoomWorld(ZOOKEEPER.store(), Map.of(), clocks));
    }

    @AfterEach
    void close() {
        parts.close();
    }

    private static NativeClient bound(RoomWorld world, String user) throws Exception {
        NativeClient client = world.connect();
        client.hello(world.bind(1, user)).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        return client;
    }

    /** The room knows Redis' clock to half of the time that the fastest answer of a register has taken. */
    private void learnTheTime(RoomWorld world) {
        await().ignoreExceptions().until(() -> {
            bound(world, "learning").close();
            return Math.abs(aheadMs(world) - wallAheadMs.get()) < NEAR_MS;
        });
    }

    private static long aheadMs(RoomWorld world) throws Exception {
        return (long) world.metric("longline_room_clock_ahead_ms");
    }

    @Test
    void oneThatIsBehindFromItsStartLearnsSoFromItsFirstBind() throws Exception {
        wallAheadMs.set(-HOUR.toMillis());
        RoomWorld world = open();

        try (NativeClient first = bound(world, "c1")) {
            bound(world, "c2").close();
            assertThat(world.register.late()).as("binds that came too late").isEqualTo(1);
            learnTheTime(world);
            world.push(RoomWorld.endpoint("c1"));
            assertThat(first.expect(KindCase.PUSH).getPush().getTtlMs()).isBetween(50_000L, 60_000L + NEAR_MS);
            assertThat(aheadMs(world)).isBetween(-HOUR.toMillis() - NEAR_MS, -HOUR.toMillis() + NEAR_MS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void oneThatJumpsByAnHourGoesOnAsIfNothingWas(int hours) throws Exception {
        RoomWorld world = open();
        try (NativeClient first = bound(world, "c3")) {
            learnTheTime(world);
            wallAheadMs.set(HOUR.toMillis() * hours);

            first.expectNothing(Duration.ofMillis(1_200)); // in which each session's token is looked at
            assertThat(world.push(RoomWorld.endpoint("c3")).getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);
            assertThat(first.expect(KindCase.PUSH).getPush().getTtlMs()).isBetween(50_000L, 60_000L + NEAR_MS);
            bound(world, "c4").close();
            assertThat(world.register.late()).isZero();
        }
    }

    @Test
    void aTokenEndsByRedisClock() throws Exception {
        wallAheadMs.set(-HOUR.toMillis());
        RoomWorld world = open();
        bound(world, "c5").close(); // the room knows that clock now
        Bind brief = world.bind(1, "c6").toBuilder()
                .setToken(world.tokenIssued("c6", Instant.now().minusSeconds(84), Duration.ofSeconds(60)))
                .build(); // 30 s of clock skew leave 6 s
        Bind over = world.bind(1, "c7").toBuilder()
                .setToken(world.tokenIssued("c7", Instant.now().minusSeconds(100), Duration.ofSeconds(60)))
                .build();

        try (NativeClient client = world.connect();
                NativeClient late = world.connect()) {
            client.hello(brief).welcomed();
            client.expect(KindCase.CAUGHT_UP);
            late.hello(over);
            late.expectClose(3500);
            client.expectClose(3500);
        }
    }

    @Test
    void oneWhoseLoopsStoodStillForLongEndsItsLinksWithoutAByteAndIsAnotherIncarnation() throws Exception {
        RoomWorld world = open();
        try (NativeClient client = bound(world, "c8");
                NativeClient other = bound(world, "c9")) {
            Route where = requireNonNull(world.register.route(RoomWorld.endpoint("c8")));
            long before = where.getPlace().getIncarnation();
            HandOverRequest hint = RoomWorld.hintOf(world.saver.store(RoomWorld.endpoint("c8"), world.message()))
                    .setPlace(where.getPlace())
                    .setGeneration(where.getGeneration())
                    .build();

            monotonicAheadNanos.set(Duration.ofSeconds(7).toNanos());
            assertThat(world.peer()
                            .await(RoomWorld.HAND_OVER, hint, Deadline.after(RoomWorld.PATIENCE))
                            .getResult())
                    .isEqualTo(HandOverResult.HAND_OVER_STALE);

            client.expectEnd();
            other.expectEnd();
            try (NativeClient again = bound(world, "c9")) {
                assertThat(world.register.place(RoomWorld.endpoint("c9")).getIncarnation())
                        .isGreaterThan(before);
                again.unbind(1, false);
                again.expect(KindCase.UNBOUND);
            }
            assertThat(world.metric("longline_room_stops_total")).isEqualTo(1);
        }
    }
}
