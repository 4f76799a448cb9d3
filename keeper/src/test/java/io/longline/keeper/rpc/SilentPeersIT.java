package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.SessionsGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two members, one of them stopped, cut off, slow or full of errors: when its breaker opens, and when it must not. */
@Timeout(60)
class SilentPeersIT {
    /** Long enough for an answer to come in time on a busy machine. */
    private static final Duration SILENCE = Duration.ofMillis(1_500);

    private static final RpcConfig CONFIG = withSilence(RpcConfig.defaults());

    private final Members members = new Members();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final CountDownLatch never = new CountDownLatch(1);
    private final RpcServer one = serving("one");
    private final RpcServer two = serving("two");
    private final Peers peers = new Peers("room", members, CONFIG, metrics);
    private Wire wire;

    private static RpcConfig withSilence(RpcConfig config) {
        RpcConfig.Outgoing out = config.outgoing();
        return new RpcConfig(
                config.port(),
                config.maxMessageBytes(),
                config.drain(),
                new RpcConfig.Outgoing(
                        out.batchRequests(), out.batchBytes(), out.queue(), out.inFlight(), out.linger(), SILENCE),
                config.incoming());
    }

    private RpcServer serving(String name) {
        RpcServer server = new RpcServer(
                RpcPair.limits(128, 1_000, 1_000),
                new SimpleMeterRegistry(),
                List.of(
                        Calls.sideBySide((request, deadline) -> reply(name, request)),
                        Calls.refills((request, rows) -> stream(name, rows))));
        server.start();
        return server;
    }

    /** Generation 1 is not answered before the end, 2 is refused. */
    private HandOverReply reply(String name, HandOverRequest request) {
        if (request.getGeneration() == 1) {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (request.getGeneration() == 2) {
            throw new LonglineException(ErrorCode.INBOX_FULL, "the inbox is full");
        }
        return HandOverReply.newBuilder().setReason(name).build();
    }

    /** Row by row, until whoever tells them is stopped. */
    private void stream(String name, Consumer<RefillRow> rows) {
        RefillRow row = RefillRow.newBuilder().setNetwork(name).build();
        rows.accept(row);
        while (name.equals("one") && never.getCount() > 0) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            rows.accept(row);
        }
    }

    @BeforeEach
    void open() {
        wire = new Wire(one.port());
        members.are(Members.node("room-1", wire.port()), Members.node("room-2", two.port()));
        peers.start();
        awaitBoth();
    }

    @AfterEach
    void close() {
        never.countDown();
        wire.goOn();
        peers.close();
        wire.close();
        one.close();
        two.close();
    }

    /** One call for each of many keys, some of each member. */
    private List<String> answers() {
        return LongStream.range(0, 32)
                .mapToObj(key -> peers.await(key, Calls.HAND_OVER, Calls.request(key), Calls.seconds(20))
                        .getReason())
                .toList();
    }

    private void awaitBoth() {
        await().ignoreExceptions().untilAsserted(() -> assertThat(answers()).contains("one", "two"));
    }

    private Peer first() {
        return peers.byInstance("room-1").orElseThrow();
    }

    private double openBreakers() {
        return metrics.get("longline.rpc.breaker.open").gauge().value();
    }

    private long keyOfFirst() {
        return LongStream.range(0, 256)
                .filter(key -> peers.byKey(key) == first())
                .findFirst()
                .orElseThrow();
    }

    private static HandOverRequest special(long generation) {
        return HandOverRequest.newBuilder().setGeneration(generation).build();
    }

    @Test
    void callsToAStoppedMemberAreAnsweredByTheOtherAndItComesBackByItself() {
        wire.stop();
        long begun = System.nanoTime();
        List<CompletableFuture<HandOverReply>> underWay = LongStream.range(0, 64)
                .mapToObj(key -> peers.call(key, Calls.HAND_OVER, Calls.request(key), Calls.seconds(20)))
                .toList();

        assertThat(underWay)
                .allSatisfy(call -> assertThat(call.join().getReason()).isEqualTo("two"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        assertThat(openBreakers()).isEqualTo(1);
        assertThat(metrics.get("longline.rpc.breaker.opens").counter().count()).isEqualTo(1);
        double inFlight = metrics.get("longline.rpc.inflight.requests").gauge().value();
        assertThat(answers()).containsOnly("two");
        assertThat(metrics.get("longline.rpc.inflight.requests").gauge().value())
                .as("nothing more was given to the first")
                .isEqualTo(inFlight);

        wire.goOn();
        await().until(() -> openBreakers() == 0);
        awaitBoth();
    }

    @Test
    void aStreamOfAMemberThatIsStoppedOnTheWayBeginsAnewAtTheOther() {
        List<String> rows = new ArrayList<>();

        peers.stream(
                keyOfFirst(),
                SessionsGrpc.getRefillMethod(),
                RefillRequest.getDefaultInstance(),
                Calls.seconds(20),
                row -> {
                    rows.add(row.getNetwork());
                    if (rows.size() == 10) {
                        wire.stop();
                    }
                });

        assertThat(rows).startsWith("one").endsWith("two");
        assertThat(rows.subList(0, rows.size() - 1)).containsOnly("one").hasSizeGreaterThanOrEqualTo(10);
        assertThat(openBreakers()).isEqualTo(1);
    }

    @Test
    void callsToAnOpenBreakerFailAtOnceAndSayWhenToComeBack() {
        wire.stop();
        await().until(() -> {
            var _ = first().call(Calls.HAND_OVER, Calls.request(1), Deadline.afterMillis(50));
            return openBreakers() == 1;
        });

        CompletableFuture<HandOverReply> refused = first().call(Calls.HAND_OVER, Calls.request(2), Calls.seconds(30));

        assertThat(refused).isDone();
        LonglineException error = Calls.failure(refused);
        assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
        assertThat(error.dependency()).contains("room");
        assertThat(error.retryAfter()).contains(Pulse.PAUSE);
        assertThat(metrics.get("longline.rpc.queue.rejects")
                        .tag("reason", "breaker_open")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void whatAStoppedMemberHoldsStaysBoundedWhileItIsStopped() {
        wire.stop();
        for (int round = 0; round < 50; round++) {
            List<CompletableFuture<HandOverReply>> calls = IntStream.range(0, 200)
                    .mapToObj(key -> peers.call(key, Calls.HAND_OVER, Calls.request(key), Calls.seconds(20)))
                    .toList();
            calls.forEach(call -> assertThat(call.join().getReason()).isEqualTo("two"));
        }

        assertThat(metrics.get("longline.rpc.inflight.requests").gauge().value())
                .isLessThanOrEqualTo(200);
        assertThat(metrics.get("longline.rpc.queue.depth").gauge().value()).isZero();
    }

    @Test
    void aMemberWhoseWorkIsSlowIsNotASilentOne() {
        CompletableFuture<HandOverReply> slow = first().call(Calls.HAND_OVER, special(1), Calls.seconds(30));
        long key = keyOfFirst();

        await().during(SILENCE.plusMillis(500)).atMost(Duration.ofSeconds(10)).until(() -> openBreakers() == 0);

        assertThat(slow).isNotDone();
        assertThat(peers.await(key, Calls.HAND_OVER, Calls.request(1), Calls.seconds(20))
                        .getReason())
                .isEqualTo("one");
        never.countDown();
        assertThat(slow.join().getReason()).isEqualTo("one");
    }

    @Test
    void neitherShortDeadlinesNorErrorsThatThePeerAnswersOpenABreaker() {
        List<CompletableFuture<HandOverReply>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            calls.add(first().call(Calls.HAND_OVER, special(1), Deadline.afterMillis(20)));
            calls.add(first().call(Calls.HAND_OVER, special(2), Calls.seconds(10)));
        }
        assertThat(calls)
                .allSatisfy(call ->
                        assertThat(Calls.failure(call).code()).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.INBOX_FULL));
        await().during(SILENCE.plusMillis(500)).atMost(Duration.ofSeconds(10)).until(() -> openBreakers() == 0);
        assertThat(metrics.get("longline.rpc.breaker.opens").counter().count()).isZero();
    }

    @Test
    void aMemberWhoseConnectionsBreakAgainAndAgainIsLeftAlone() {
        await().pollInterval(Duration.ofMillis(30)).until(() -> {
            wire.cut();
            var _ = first().call(Calls.HAND_OVER, special(1), Calls.seconds(1));
            return metrics.get("longline.rpc.breaker.opens").counter().count() > 0;
        });
        await().until(() -> openBreakers() == 0);
        awaitBoth();
    }
}
