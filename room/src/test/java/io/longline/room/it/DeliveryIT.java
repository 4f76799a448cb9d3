package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.room.transport.LinkKind;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.Route;
import io.longline.rpc.v1.SessionsGrpc;
import io.longline.rpc.v1.State;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class DeliveryIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it to open
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    private static RoomWorld world;

    private NativeClient client;

    @BeforeParameterizedClassInvocation
    static void open(LinkKind kind) {
        world = new RoomWorld(ZOOKEEPER.store(), kind, Map.of());
    }

    @AfterParameterizedClassInvocation
    static void close() {
        world.close();
    }

    @BeforeEach
    void arrive() throws Exception {
        client = world.connect();
    }

    @AfterEach
    void leave() throws Exception {
        world.saver.fails(null);
        world.room.loseHints(0);
        client.close();
    }

    private Endpoint bound(String user) throws Exception {
        client.hello(world.bind(1, user)).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        return RoomWorld.endpoint(user);
    }

    private Push pushed() throws InterruptedException {
        return client.expect(KindCase.PUSH).getPush();
    }

    @Test
    void aHintIsWrittenAndItsAckEmptiesTheInbox() throws Exception {
        Endpoint endpoint = bound("d1");

        assertThat(world.push(endpoint).getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);

        Push push = pushed();
        assertThat(push.getText()).isEqualTo("text");
        assertThat(push.getQos()).isEqualTo(1);
        assertThat(push.getPriority()).isEqualTo("normal");
        assertThat(push.getTtlMs()).isBetween(50_000L, 60_000L);
        client.ack(1, push.getSeq());
        await().until(() -> world.saver.size(endpoint) == 0);
        assertThat(world.saver.loads()).isNotNegative();
    }

    @Test
    void aHintThatOvertakesAnotherIsWrittenAfterIt() throws Exception {
        Endpoint endpoint = bound("d2");
        MapSaver.Stored first = world.saver.store(endpoint, world.message());
        MapSaver.Stored second = world.saver.store(endpoint, world.message());

        assertThat(world.hint(endpoint, second).getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);
        assertThat(world.hint(endpoint, first).getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);

        assertThat(pushed().getSeq()).isEqualTo(first.seq());
        assertThat(pushed().getSeq()).isEqualTo(second.seq());
        client.expectNothing(Duration.ofMillis(100));
    }

    @Test
    void aHintWithoutMessageIsLoaded() throws Exception {
        Endpoint endpoint = bound("d3");
        MapSaver.Stored stored = world.saver.store(endpoint, world.message());

        HandOverReply reply = world.hand(endpoint, RoomWorld.hintOf(stored));

        assertThat(reply.getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);
        assertThat(pushed().getSeq()).isEqualTo(stored.seq());
    }

    /** The end that the register orders may come late: what was stored for the newer session is not given to the older one. */
    @Test
    void aSessionThatWasReplacedElsewhereEndsWithItsNextLoad() throws Exception {
        Endpoint endpoint = bound("d20");
        world.saver.opened(
                endpoint, requireNonNull(world.register.route(endpoint)).getGeneration() + 1);

        world.hand(endpoint, RoomWorld.hintOf(world.saver.store(endpoint, world.message())));

        client.expectClose(3501);
        assertThat(world.saver.size(endpoint)).isEqualTo(1);
    }

    @Test
    void aBindThatIsOvertakenBeforeItReadsIsRefused() throws Exception {
        world.saver.opened(RoomWorld.endpoint("d21"), Long.MAX_VALUE);
        client.hello(world.bind(1, "d21"));

        client.expectClose(3501);
        await().until(() -> world.register.route(RoomWorld.endpoint("d21")) == null);
    }

    @Test
    void aClosedWindowQueuesAndOpensWithAcks() throws Exception {
        Endpoint endpoint = bound("d4");
        List<HandOverResult> results = IntStream.range(0, 6)
                .mapToObj(i -> world.push(endpoint).getResult())
                .toList();
        assertThat(results.subList(0, 4)).containsOnly(HandOverResult.HAND_OVER_WRITTEN);
        assertThat(results.subList(4, 6)).containsOnly(HandOverResult.HAND_OVER_QUEUED);
        long last = 0;
        for (int i = 0; i < 4; i++) {
            last = pushed().getSeq();
        }
        client.expectNothing(Duration.ofMillis(100));

        client.ack(1, last);

        assertThat(pushed().getSeq()).isEqualTo(last + 1);
        assertThat(pushed().getSeq()).isEqualTo(last + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "other"})
    void aThousandThatWaitArriveInOrderAndOnceAlsoAcrossADrop(String product) throws Exception {
        Endpoint endpoint = RoomWorld.endpoint(product, "d5", "default");
        IntStream.range(0, 1_000).forEach(i -> world.saver.store(endpoint, world.message()));
        client.hello(world.bind(1, product, "d5", 0)).welcomed();
        long next = 1_000;
        for (int i = 0; i < 400; i++, next++) {
            assertThat(pushed().getSeq()).isEqualTo(next);
            if (i % 3 == 2) {
                client.ack(1, next);
            }
        }
        client.close();

        client = world.connect();
        client.hello(world.bind(1, product, "d5", next - 1)).welcomed();
        for (; next < 2_000; next++) {
            assertThat(pushed().getSeq()).isEqualTo(next);
            client.ack(1, next);
        }

        client.expect(KindCase.CAUGHT_UP);
        await().until(() -> world.saver.size(endpoint) == 0);
    }

    @Test
    void anAckBeyondWhatWasSentTakesNothingAwayThatWasNot() throws Exception {
        Endpoint endpoint = bound("d6");
        for (int i = 0; i < 5; i++) {
            world.push(endpoint);
        }
        for (int i = 0; i < 4; i++) {
            pushed();
        }
        client.ack(1, Long.MAX_VALUE);

        assertThat(pushed().getSeq()).isEqualTo(1_004);
        await().until(() -> world.saver.acked(endpoint) == 1_003);
        assertThat(world.saver.size(endpoint)).isEqualTo(1);
    }

    @Test
    void aLoadThatFailsIsTriedAgainAndNobodyWaitsForIt() throws Exception {
        Endpoint endpoint = bound("d7");
        world.saver.fails(new LonglineException(ErrorCode.DEPENDENCY_DOWN, "away"));
        MapSaver.Stored stored = world.saver.store(endpoint, world.message());

        HandOverReply reply = world.hand(endpoint, RoomWorld.hintOf(stored));
        assertThat(reply.getResult()).isEqualTo(HandOverResult.HAND_OVER_QUEUED);
        world.saver.fails(null);

        assertThat(pushed().getSeq()).isEqualTo(stored.seq());
    }

    @Test
    void acksThatTheSaverDoesNotTakeAreKept() throws Exception {
        Endpoint endpoint = bound("d8");
        world.push(endpoint);
        world.saver.fails(new LonglineException(ErrorCode.DEPENDENCY_DOWN, "away"));
        client.ack(1, pushed().getSeq());
        client.close(); // also those of a session that has ended
        await().until(() -> world.register.route(endpoint) == null);
        assertThat(world.saver.size(endpoint)).isEqualTo(1);

        world.saver.fails(null);

        await().until(() -> world.saver.size(endpoint) == 0);
    }

    @Test
    void hintsForNoSessionAnotherGenerationOrAnotherIncarnationAreStale() throws Exception {
        Endpoint endpoint = bound("d9");
        Route route = requireNonNull(world.register.route(endpoint));
        HandOverRequest good = RoomWorld.hintOf(world.saver.store(endpoint, world.message()))
                .setPlace(route.getPlace())
                .setGeneration(route.getGeneration())
                .build();

        List<HandOverRequest> stale = List.of(
                good.toBuilder().setGeneration(route.getGeneration() + 1).build(),
                good.toBuilder()
                        .setPlace(route.getPlace().toBuilder().setSlotGeneration(99))
                        .build(),
                good.toBuilder()
                        .setPlace(route.getPlace().toBuilder().setSlot(1_000))
                        .build(),
                good.toBuilder()
                        .setPlace(route.getPlace().toBuilder().setLoop(77))
                        .build(),
                good.toBuilder()
                        .setPlace(route.getPlace().toBuilder().setIncarnation(1))
                        .build());

        assertThat(stale)
                .extracting(hint -> world.peer()
                        .await(RoomWorld.HAND_OVER, hint, Deadline.after(RoomWorld.PATIENCE))
                        .getResult())
                .containsOnly(HandOverResult.HAND_OVER_STALE);
        client.expectNothing(Duration.ofMillis(100));
    }

    @Test
    void qosZeroArrivesWithoutASeq() throws Exception {
        Endpoint endpoint = bound("d10");

        HandOverReply reply = world.hand(
                endpoint,
                HandOverRequest.newBuilder()
                        .setMessage(world.message().toBuilder().setQos(0)));

        assertThat(reply.getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);
        assertThat(pushed().hasSeq()).isFalse();
    }

    @Test
    void nowOrNeverIsRefusedWhereTheWindowIsClosed() throws Exception {
        Endpoint endpoint = bound("d11");
        for (int i = 0; i < 4; i++) {
            world.push(endpoint);
        }
        Message plain = world.message();
        Message nowOrNever =
                plain.toBuilder().setExpiresAtMs(plain.getSentAtMs()).build();

        HandOverReply reply = world.hint(endpoint, world.saver.store(endpoint, nowOrNever));

        assertThat(reply.getResult()).isEqualTo(HandOverResult.HAND_OVER_REFUSED);
        assertThat(reply.getReason()).isNotEmpty();
    }

    @Test
    void whatHasExpiredIsNotWrittenAndTheSaverIsTold() throws Exception {
        Endpoint endpoint = bound("d12");
        Message expired =
                world.message().toBuilder().setSentAtMs(1).setExpiresAtMs(2).build();

        world.hint(endpoint, world.saver.store(endpoint, expired));
        HandOverReply next = world.push(endpoint);

        assertThat(next.getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);
        assertThat(pushed().getMessageId()).isNotEqualTo(expired.getMessageId());
        await().until(() -> world.saver.settled(endpoint, expired.getMessageId()) == State.EXPIRED);
    }

    @Test
    void promise09OfACollapseKeyOnlyTheNewestThatWaitsIsWrittenAndTheSaverIsTold() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("d40");
        Message older = world.message().toBuilder().setCollapseKey("score").build();
        Message newer = world.message().toBuilder().setCollapseKey("score").build();
        world.saver.store(endpoint, older);
        world.saver.store(endpoint, world.message());
        long last = world.saver.store(endpoint, newer).seq();

        client.hello(world.bind(1, "d40")).welcomed();

        assertThat(client.expect(KindCase.PUSH).getPush().getMessageId()).isNotEqualTo(older.getMessageId());
        assertThat(client.expect(KindCase.PUSH).getPush().getMessageId()).isEqualTo(newer.getMessageId());
        client.expect(KindCase.CAUGHT_UP);
        client.ack(1, last);
        await().until(() -> world.saver.size(endpoint) == 0);
        assertThat(world.saver.settled(endpoint, older.getMessageId())).isEqualTo(State.COLLAPSED);
    }

    @Test
    void hintsThatTheFaultSwitchLosesAreNotHandled() throws Exception {
        Endpoint endpoint = bound("d13");
        world.room.loseHints(1);

        HandOverReply[] reply = new HandOverReply[1];
        LonglineException[] error = new LonglineException[1];
        try {
            reply[0] = world.push(endpoint);
        } catch (LonglineException e) {
            error[0] = e;
        }
        assertThat(reply[0]).isNull();
        assertThat(requireNonNull(error[0]).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        client.expectNothing(Duration.ofMillis(100));

        world.push(endpoint); // leaves a gap, so both are loaded
        assertThat(pushed().getSeq()).isEqualTo(1_000);
        assertThat(pushed().getSeq()).isEqualTo(1_001);
    }

    @Test
    void aSlowReaderHoldsUpNobodyAndGetsItAllWhenItReads() throws Exception {
        Endpoint slow = RoomWorld.endpoint("other", "d14", "default");
        String large = "x".repeat(60_000);
        NativeClient lazy = NativeClient.connectLazily(world.room.linkPort());
        lazy.hello(world.bind(1, "other", "d14", 0));
        await().until(() -> world.register.route(slow) != null);
        Endpoint quick = bound("d15");
        List<HandOverResult> results = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            results.add(world.hint(
                            slow,
                            world.saver.store(
                                    slow,
                                    world.message().toBuilder().setText(large).build()))
                    .getResult());
            if (i % 100 == 0) {
                assertThat(world.push(quick).getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);
                pushed();
            }
        }
        assertThat(results.getLast()).isEqualTo(HandOverResult.HAND_OVER_QUEUED);

        lazy.read();
        lazy.welcomed();
        for (int i = 0; i < 400; ) {
            var frame = lazy.next();
            if (frame.hasPush()) {
                assertThat(frame.getPush().getSeq()).isEqualTo(1_000 + i);
                lazy.ack(1, frame.getPush().getSeq());
                i++;
            }
        }
        lazy.close();
        await().until(() -> world.saver.size(slow) == 0);
    }

    @Test
    void aRegisterThatLostShardsGetsTheirSessionsAndEachOfThemLoads() throws Exception {
        Endpoint endpoint = bound("d16");
        Route route = requireNonNull(world.register.route(endpoint));
        MapSaver.Stored unheard = world.saver.store(endpoint, world.message());
        List<RefillRow> rows = new ArrayList<>();
        RefillRequest all = RefillRequest.newBuilder()
                .addAllShards(IntStream.range(0, 256).boxed().toList())
                .build();

        world.peer().stream(SessionsGrpc.getRefillMethod(), all, Deadline.after(RoomWorld.PATIENCE), rows::add);

        assertThat(rows).anySatisfy(row -> {
            assertThat(row.getEndpoint()).isEqualTo(endpoint);
            assertThat(row.getPlace()).isEqualTo(route.getPlace());
            assertThat(row.getGeneration()).isEqualTo(route.getGeneration());
            assertThat(row.getSinceMs()).isPositive();
        });
        assertThat(pushed().getSeq()).isEqualTo(unheard.seq());
    }

    @Test
    void aHintThatNeedsALoadHoldsNoNeighbourOfItsBatch() throws Exception {
        Endpoint one = RoomWorld.endpoint("d-loads");
        Endpoint other = RoomWorld.endpoint("other", "d-writes", "default");
        client.hello(world.bind(1, "d-loads"), world.bind(2, "other", "d-writes", 0))
                .welcomed();
        client.expect(KindCase.CAUGHT_UP);
        client.expect(KindCase.CAUGHT_UP);
        MapSaver.Stored unread = world.saver.store(one, world.message());
        List<CompletableFuture<HandOverReply>> loads = new ArrayList<>();
        CountDownLatch stalled = world.saver.stall();
        try {
            for (int i = 0; i < 20; i++) {
                MapSaver.Stored stored = world.saver.store(other, world.message());
                loads.add(handLater(one, RoomWorld.hintOf(unread)));
                // One after the other: batches run side by side, and a hint that overtakes another needs a load, too.
                HandOverReply hint = handLater(other, RoomWorld.hintOf(stored).setMessage(stored.message()))
                        .join();
                assertThat(hint.getResult()).isEqualTo(HandOverResult.HAND_OVER_WRITTEN);
            }
            assertThat(loads).anySatisfy(hint -> assertThat(hint).isNotDone());
        } finally {
            stalled.countDown();
        }
        loads.forEach(CompletableFuture::join);
    }

    private CompletableFuture<HandOverReply> handLater(Endpoint endpoint, HandOverRequest.Builder hint) {
        Route route = requireNonNull(world.register.route(endpoint));
        HandOverRequest request = hint.setPlace(route.getPlace())
                .setGeneration(route.getGeneration())
                .build();
        return world.peer().call(RoomWorld.HAND_OVER, request, Deadline.after(RoomWorld.PATIENCE));
    }
}
