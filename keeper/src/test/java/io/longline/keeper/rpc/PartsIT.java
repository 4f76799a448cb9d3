package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches that are answered in parts. */
@Timeout(60)
class PartsIT {
    /** The request that is not answered before this opens. */
    private static final long SLOW = 3;

    private final CountDownLatch open = new CountDownLatch(1);

    private HandOverReply slowOne(HandOverRequest request, Deadline deadline) {
        if (request.getSeq() == SLOW) {
            awaitQuietly(open);
        }
        return Calls.reply(request);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** So many calls at once: the first one or few make a batch, the others the next. */
    private static List<CompletableFuture<HandOverReply>> atOnce(Peer peer, int count) {
        return LongStream.range(0, count)
                .mapToObj(seq -> peer.call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(30)))
                .toList();
    }

    private static void allBut(List<CompletableFuture<HandOverReply>> futures, long slow) {
        for (int seq = 0; seq < futures.size(); seq++) {
            if (seq != slow) {
                assertThat(futures.get(seq).join().getReason()).isEqualTo("seq " + seq);
            }
        }
    }

    @Test
    void aSlowRequestHoldsNoneOfItsNeighbours() {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), Calls.sideBySide(this::slowOne))) {
            List<CompletableFuture<HandOverReply>> futures = atOnce(pair.peer(), 200);

            allBut(futures, SLOW);
            assertThat(futures.get((int) SLOW)).isNotDone();
            assertThat(pair.metric("longline.rpc.inflight.requests")).isEqualTo(1);
            await().until(() -> pair.metric("longline.rpc.server.requests.depth", "method", "HandOver") == 1);

            open.countDown();
            assertThat(futures.get((int) SLOW).join().getReason()).isEqualTo("seq 3");
            await().until(() -> pair.metric("longline.rpc.inflight.requests") == 0);
            await().until(() -> pair.metric("longline.rpc.server.requests.depth", "method", "HandOver") == 0);
        } finally {
            open.countDown();
        }
    }

    @Test
    void slowRequestsOfManyBatchesDoNotKeepTheStreamFromBeingRead() {
        try (RpcPair pair = new RpcPair(RpcPair.limits(4, 10_000, 4_096), Calls.sideBySide((request, deadline) -> {
            if (request.getSeq() % 4 == SLOW) {
                awaitQuietly(open);
            }
            return Calls.reply(request);
        }))) {
            List<CompletableFuture<HandOverReply>> futures = atOnce(pair.peer(), 4_000);

            for (int seq = 0; seq < futures.size(); seq++) {
                if (seq % 4 != SLOW) {
                    assertThat(futures.get(seq).join().getReason()).isEqualTo("seq " + seq);
                }
            }
            assertThat(futures.get(3_999)).isNotDone();
            open.countDown();
            futures.forEach(CompletableFuture::join);
        } finally {
            open.countDown();
        }
    }

    @Test
    void repliesThatComeCloseTogetherLeaveTogether() {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), Calls.inParts((requests, deadline, replies) -> {
            for (int i = requests.size() - 1; i >= 0; i--) {
                replies.put(i, Calls.reply(requests.get(i)));
            }
        }))) {
            atOnce(pair.peer(), 5_000).forEach(CompletableFuture::join);

            double batches =
                    pair.metrics.get("longline.rpc.batch.requests").summary().count();
            double parts =
                    pair.metrics.get("longline.rpc.server.part").summary().count();
            assertThat(parts).isLessThanOrEqualTo(4 * batches);
        }
    }

    @Test
    void withPatienceAllRepliesOfABatchLeaveTogether() {
        try (RpcPair pair = new RpcPair(
                RpcConfig.defaults(),
                Calls.sideBySide(
                        (request, deadline) -> {
                            LockSupport.parkNanos(request.getSeq() * 10_000);
                            return Calls.reply(request);
                        },
                        Duration.ofSeconds(20)))) {
            atOnce(pair.peer(), 500).forEach(CompletableFuture::join);

            assertThat(pair.metrics.get("longline.rpc.server.part").summary().count())
                    .isEqualTo(pair.metrics
                            .get("longline.rpc.batch.requests")
                            .summary()
                            .count());
        }
    }

    @Test
    void aSlowRequestHoldsItsNeighboursNoLongerThanPatienceLasts() {
        try (RpcPair pair =
                new RpcPair(RpcConfig.defaults(), Calls.sideBySide(this::slowOne, Duration.ofMillis(100)))) {
            List<CompletableFuture<HandOverReply>> futures = atOnce(pair.peer(), 200);

            allBut(futures, SLOW);
            assertThat(futures.get((int) SLOW)).isNotDone();
        } finally {
            open.countDown();
        }
    }

    @Test
    void whereTheStreamDiesOnlyWhatWasNotAnsweredFails() {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), Calls.sideBySide(this::slowOne));
                Wire wire = new Wire(pair.server.port())) {
            pair.members.are(Members.node("room-1", 2, wire.port()));
            List<CompletableFuture<HandOverReply>> futures = atOnce(pair.peer(), 50);
            allBut(futures, SLOW);
            wire.cut();

            LonglineException error = Calls.failure(futures.get((int) SLOW));
            assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(error.dependency()).contains("room");
            allBut(futures, SLOW);
            await().until(() -> pair.metric("longline.rpc.inflight.requests") == 0);
            open.countDown();
        } finally {
            open.countDown();
        }
    }

    @Test
    void whatAHandlerNeverAnswersIsAFaultOfItsOwn() {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), Calls.inParts((requests, deadline, replies) -> {
            for (int i = 0; i < requests.size(); i++) {
                if (requests.get(i).getSeq() != SLOW) {
                    replies.put(i, Calls.reply(requests.get(i)));
                }
            }
        }))) {
            List<CompletableFuture<HandOverReply>> futures = atOnce(pair.peer(), 10);

            allBut(futures, SLOW);
            assertThat(Calls.failure(futures.get((int) SLOW)).code()).isEqualTo(ErrorCode.INTERNAL);
        }
    }

    @Test
    void whatAHandlerThrowsFailsWhatItHasNotAnswered() {
        try (RpcPair pair = new RpcPair(RpcPair.limits(128, 1_000, 1), Calls.inParts((requests, deadline, replies) -> {
            replies.put(0, Calls.reply(requests.get(0)));
            replies.put(0, Calls.reply(Calls.request(99)));
            throw LonglineException.dependencyDown("redis", "redis does not answer", null);
        }))) {
            assertThat(atOnce(pair.peer(), 1).getFirst().join().getReason()).isEqualTo("seq 0");
        }
        List<ErrorCode> codes = Collections.synchronizedList(new ArrayList<>());
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), Calls.inParts((requests, deadline, replies) -> {
            if (requests.size() > 1) {
                replies.put(1, Calls.reply(requests.get(1)));
            }
            throw LonglineException.dependencyDown("redis", "redis does not answer", null);
        }))) {
            for (CompletableFuture<HandOverReply> future : atOnce(pair.peer(), 200)) {
                if (future.handle((reply, error) -> error != null).join()) {
                    codes.add(Calls.failure(future).code());
                }
            }
            double batches =
                    pair.metrics.get("longline.rpc.batch.requests").summary().count();
            assertThat(codes).containsOnly(ErrorCode.DEPENDENCY_DOWN).hasSizeBetween(200 - (int) batches, 200);
        }
    }

    @Test
    void oneRequestThatFailsFailsAlone() {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), Calls.sideBySide((request, deadline) -> {
            if (request.getSeq() == SLOW) {
                throw new LonglineException(ErrorCode.INBOX_FULL, "the inbox has 10000 messages");
            }
            if (request.getSeq() == SLOW + 1) {
                throw new ArithmeticException();
            }
            return Calls.reply(request);
        }))) {
            List<CompletableFuture<HandOverReply>> futures = atOnce(pair.peer(), 10);

            assertThat(Calls.failure(futures.get(3)).code()).isEqualTo(ErrorCode.INBOX_FULL);
            assertThat(Calls.failure(futures.get(4)).code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(futures.get(2).join().getReason()).isEqualTo("seq 2");
            assertThat(futures.get(5).join().getReason()).isEqualTo("seq 5");
        }
    }

    @Test
    void repliesThatAreTooLargeForOneMessageTravelInSeveral() {
        try (RpcPair pair = new RpcPair(
                RpcPair.limits(128, 1_000, 1_000),
                (requests, deadline) -> requests.stream()
                        .map(request -> HandOverReply.newBuilder()
                                .setReason("x".repeat(1 << 20))
                                .build())
                        .toList())) {
            for (CompletableFuture<HandOverReply> future : atOnce(pair.peer(), 40)) {
                assertThat(future.join().getReason()).hasSize(1 << 20);
            }
        }
    }

    @Test
    void aMethodThatHangsLeavesRoomForTheOthers() {
        RpcConfig config = RpcPair.limits(10, 100, 100, new RpcConfig.Incoming(8, 4, RpcPair.WIDE, 1));
        AtomicInteger ended = new AtomicInteger();
        RpcService both = Calls.sideBySide((request, deadline) -> {
            awaitQuietly(open);
            return Calls.reply(request);
        });
        RpcService other = Calls.ends((request, deadline) -> {
            ended.incrementAndGet();
            return EndReply.newBuilder().setEnded(true).build();
        });
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        Members members = new Members();
        try (RpcServer server = new RpcServer(config, metrics, List.of(both, other));
                Peers peers = new Peers("room", members, config, metrics)) {
            server.start();
            members.are(Members.node("room-1", server.port()));
            peers.start();
            Peer peer = peers.byInstance("room-1").orElseThrow();
            for (int i = 0; i < 4; i++) {
                var _ = peer.call(Calls.HAND_OVER, Calls.request(i), Calls.seconds(30));
            }
            await().until(() -> metrics.get("longline.rpc.server.requests.depth")
                            .tag("method", "HandOver")
                            .gauge()
                            .value()
                    == 4);

            assertThat(Calls.failure(peer.call(Calls.HAND_OVER, Calls.request(5), Calls.seconds(30)))
                            .code())
                    .isEqualTo(ErrorCode.OVERLOADED);
            assertThat(peer.await(Calls.END, Calls.end(1), Calls.seconds(30)).getEnded())
                    .isTrue();
            assertThat(ended).hasValue(1);
            open.countDown();
        } finally {
            open.countDown();
        }
    }

    @Test
    void aServerThatClosesSendsThePartsOfWhatItHasBegun() {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        Members members = new Members();
        RpcServer server = new RpcServer(RpcConfig.defaults(), metrics, List.of(Calls.sideBySide(this::slowOne)));
        server.start();
        members.are(Members.node("room-1", server.port()));
        try (Peers peers = new Peers("room", members, RpcConfig.defaults(), metrics)) {
            peers.start();
            Peer peer = peers.byInstance("room-1").orElseThrow();
            List<CompletableFuture<HandOverReply>> futures = atOnce(peer, 20);
            allBut(futures, SLOW);
            Thread closing = Thread.ofVirtual().start(server::close);
            await().until(() -> {
                CompletableFuture<HandOverReply> next =
                        peer.call(Calls.HAND_OVER, Calls.request(50), Calls.seconds(30));
                return next.handle((reply, error) -> error).join() instanceof LonglineException known
                        && known.code() == ErrorCode.DRAINING;
            });
            open.countDown();

            assertThat(futures.get((int) SLOW).join().getReason()).isEqualTo("seq 3");
            await().until(() -> !closing.isAlive());
        } finally {
            open.countDown();
            server.close();
        }
    }
}
