package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Peers that die, stop, do not read, or were never there. */
@Timeout(60)
class BrokenPeersIT {

    @Test
    void aPeerThatDiesFailsWhatIsInFlightAndNamesItself() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), gate);
                Wire wire = new Wire(pair.server.port())) {
            pair.members.are(Members.node("room-1", 2, wire.port()));
            CompletableFuture<HandOverReply> inFlight =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(1), Calls.seconds(30));
            await().until(() -> gate.batches().size() == 1);
            wire.cut();

            LonglineException error = Calls.failure(inFlight);
            assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(error.dependency()).contains("room");
            assertThat(error).hasMessageContaining("room-1");
            await().until(() -> pair.metric("longline.rpc.inflight.requests") == 0);
            gate.open();
        }
    }

    @Test
    void theStreamIsOpenedAgainAfterABreak() {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), (requests, deadline) -> Calls.replies(requests));
                Wire wire = new Wire(pair.server.port())) {
            pair.members.are(Members.node("room-1", 2, wire.port()));
            Peer peer = pair.peer();
            assertThat(peer.await(Calls.HAND_OVER, Calls.request(1), Calls.seconds(10))
                            .getReason())
                    .isEqualTo("seq 1");
            wire.cut();
            await().until(() -> pair.metric("longline.rpc.stream.breaks", "method", "HandOver") == 1);

            // The first attempt may meet the broken connection; after it the peer is back.
            await().ignoreExceptions()
                    .until(() -> peer.await(Calls.HAND_OVER, Calls.request(2), Calls.seconds(5))
                            .getReason()
                            .equals("seq 2"));
        }
    }

    @Test
    void aPeerThatIsNotThereFailsQuicklyAndIsNotAskedAgainAtOnce() throws IOException {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), (requests, deadline) -> Calls.replies(requests));
                Socket deafPort = Members.unheardPort()) {
            pair.members.are(Members.node("room-1", 2, deafPort.getLocalPort()));
            long begun = System.nanoTime();
            LonglineException error =
                    Calls.failure(pair.peer().call(Calls.HAND_OVER, Calls.request(1), Calls.seconds(30)));
            assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(error.dependency()).contains("room");
            await().until(() -> {
                CompletableFuture<HandOverReply> next =
                        pair.peer().call(Calls.HAND_OVER, Calls.request(2), Calls.seconds(30));
                return next.isDone() && pair.metric("longline.rpc.queue.rejects", "reason", "peer_down") > 0;
            });
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aPeerThatTakesConnectionsAndNeverReadsHoldsUpNobody() throws IOException {
        try (RpcPair pair = new RpcPair(RpcPair.limits(10, 20, 10), (requests, deadline) -> Calls.replies(requests));
                ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            pair.members.are(
                    Members.node("room-1", 2, deaf.getLocalPort()), Members.node("room-2", pair.server.port()));
            List<CompletableFuture<HandOverReply>> waiting = LongStream.range(0, 20)
                    .mapToObj(seq -> pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(4)))
                    .toList();
            CompletableFuture<HandOverReply> beyond =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(20), Calls.seconds(30));

            assertThat(beyond).isDone();
            assertThat(Calls.failure(beyond).code()).isEqualTo(ErrorCode.OVERLOADED);
            Peer other = pair.peers.byInstance("room-2").orElseThrow();
            assertThat(other.await(Calls.HAND_OVER, Calls.request(1), Calls.seconds(10))
                            .getReason())
                    .isEqualTo("seq 1");
            assertThat(waiting)
                    .allSatisfy(
                            future -> assertThat(Calls.failure(future).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
            assertThat(pair.metric("longline.rpc.queue.depth", "method", "HandOver"))
                    .isZero();
        }
    }

    @Test
    void aPeerThatStopsInTheMiddleGetsNoMoreThanTheCapAndGoesOnWhenItWakes() {
        AtomicInteger seen = new AtomicInteger();
        try (RpcPair pair = new RpcPair(RpcPair.limits(10, 50, 100), (requests, deadline) -> {
                    seen.addAndGet(requests.size());
                    return Calls.replies(requests);
                });
                Wire wire = new Wire(pair.server.port())) {
            pair.members.are(Members.node("room-1", 2, wire.port()));
            Peer peer = pair.peer();
            peer.await(Calls.HAND_OVER, large(0), Calls.seconds(10));
            wire.stop();
            HandOverRequest request = large(1); // made once: all calls are made within the time of the first
            List<CompletableFuture<HandOverReply>> stopped = LongStream.range(0, 1_000)
                    .mapToObj(i -> peer.call(Calls.HAND_OVER, request, Calls.seconds(2)))
                    .toList();
            assertThat(stopped)
                    .filteredOn(CompletableFuture::isDone) // the last one may have found the place of one that went out
                    .isNotEmpty()
                    .allSatisfy(
                            future -> assertThat(Calls.failure(future).code()).isEqualTo(ErrorCode.OVERLOADED));
            assertThat(stopped)
                    .allSatisfy(future -> assertThat(Calls.failure(future).code())
                            .isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.OVERLOADED));
            assertThat(pair.metric("longline.rpc.queue.depth", "method", "HandOver"))
                    .isZero();
            assertThat(pair.metric("longline.rpc.inflight.requests")).isLessThanOrEqualTo(100);

            wire.goOn();
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(peer.await(Calls.HAND_OVER, large(2), Calls.seconds(10))
                                    .getReason())
                            .isEqualTo("seq 2"));
            await().until(() -> pair.metric("longline.rpc.inflight.requests") == 0);
            assertThat(seen.get()).isLessThanOrEqualTo(150);
        }
    }

    @Test
    void whatLayInAStoppedNetworkBeyondItsTimeIsNotBegun() {
        Gate gate = new Gate();
        gate.open();
        try (RpcPair pair = new RpcPair(RpcPair.limits(128, 1_000, 1_000), gate);
                Wire wire = new Wire(pair.server.port())) {
            pair.members.are(Members.node("room-1", 2, wire.port()));
            Peer peer = pair.peer();
            peer.await(Calls.HAND_OVER, Calls.request(1), Calls.seconds(10));
            await().until(() -> peer.pulse().onPeersClock(0) > 0);
            wire.stop();
            CompletableFuture<HandOverReply> late = peer.call(Calls.HAND_OVER, Calls.request(2), Calls.seconds(2));
            assertThat(Calls.failure(late).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(pair.metric("longline.rpc.inflight.requests")).isEqualTo(1);
            // The peer's clock is known as nearly as an answer is fast.
            await().pollDelay(Duration.ofMillis(200)).until(late::isDone);

            wire.goOn();
            await().until(() -> pair.metric("longline.rpc.inflight.requests") == 0);
            peer.await(Calls.HAND_OVER, Calls.request(3), Calls.seconds(10));
            assertThat(gate.seqs()).containsExactly(1L, 3L);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "longline.test.long", matches = "true")
    void aStoppedPeerIsNoticedByItsSilence() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), gate);
                Wire wire = new Wire(pair.server.port())) {
            pair.members.are(Members.node("room-1", 2, wire.port()));
            CompletableFuture<HandOverReply> inFlight =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(1), Calls.seconds(60));
            await().until(() -> gate.batches().size() == 1);
            wire.stop();
            Duration bound =
                    RpcServer.KEEPALIVE.plus(RpcServer.KEEPALIVE_TIMEOUT).plusSeconds(2);
            await().atMost(bound).until(inFlight::isDone);
            assertThat(Calls.failure(inFlight).code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            gate.open();
        }
    }

    private static HandOverRequest large(long seq) {
        return Calls.request(seq).toBuilder()
                .setMessage(Message.newBuilder().setText("x".repeat(50_000)))
                .build();
    }
}
