package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchedCallsIT {

    @Test
    void everyCallGetsItsOwnReply() throws Exception {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), (requests, deadline) -> Calls.replies(requests))) {
            List<CompletableFuture<HandOverReply>> futures = LongStream.range(0, 5_000)
                    .mapToObj(seq -> pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(20)))
                    .toList();
            for (int seq = 0; seq < futures.size(); seq++) {
                assertThat(futures.get(seq).get().getReason()).isEqualTo("seq " + seq);
            }
        }
    }

    @Test
    void aLoneCallIsSentAtOnceAndWaitedFor() {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), (requests, deadline) -> Calls.replies(requests))) {
            HandOverReply reply = pair.peer().await(Calls.HAND_OVER, Calls.request(7), Calls.seconds(10));
            assertThat(reply.getReason()).isEqualTo("seq 7");
            assertThat(pair.metrics.get("longline.rpc.batch.requests").summary().max())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatWaitsTravelsTogetherAndInOrder() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(RpcPair.limits(10, 1_000, 10), gate)) {
            List<CompletableFuture<HandOverReply>> futures = new ArrayList<>();
            futures.add(pair.peer().call(Calls.HAND_OVER, Calls.request(0), Calls.seconds(20)));
            await().until(() -> gate.batches().size() == 1);
            for (long seq = 1; seq <= 99; seq++) {
                futures.add(pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(20)));
            }
            gate.open();
            futures.forEach(CompletableFuture::join);

            assertThat(gate.batches().size()).isLessThan(60);
            assertThat(gate.batches())
                    .allSatisfy(batch ->
                            assertThat(batch).hasSizeLessThanOrEqualTo(10).isSorted());
            assertThat(gate.seqs()).hasSize(100);
        }
    }

    @Test
    void whileTwoBatchesAreUnheardOfCallsWaitForCompany() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(lingering(Duration.ofSeconds(30)), gate)) {
            List<CompletableFuture<HandOverReply>> futures = twoUnderWay(pair, gate);
            for (long seq = 2; seq <= 6; seq++) {
                futures.add(pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(20)));
            }
            await().during(Duration.ofMillis(200)).until(() -> gate.batches().size() == 2);
            gate.open();
            futures.forEach(CompletableFuture::join);
            assertThat(gate.batches()).containsExactly(List.of(0L), List.of(1L), List.of(2L, 3L, 4L, 5L, 6L));
        }
    }

    @Test
    void aFullBatchDoesNotWaitForCompany() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(lingering(Duration.ofSeconds(30)), gate)) {
            List<CompletableFuture<HandOverReply>> futures = twoUnderWay(pair, gate);
            for (long seq = 2; seq < 12; seq++) {
                futures.add(pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(20)));
            }
            await().until(() -> gate.seqs().size() == 12);
            gate.open();
            futures.forEach(CompletableFuture::join);
            assertThat(gate.batches().getLast()).hasSize(10);
        }
    }

    @Test
    void nobodyComesAndACallLeavesAlone() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(lingering(Duration.ofMillis(50)), gate)) {
            List<CompletableFuture<HandOverReply>> futures = twoUnderWay(pair, gate);
            futures.add(pair.peer().call(Calls.HAND_OVER, Calls.request(2), Calls.seconds(20)));
            await().until(() -> gate.seqs().size() == 3);
            gate.open();
            futures.forEach(CompletableFuture::join);
        }
    }

    private static RpcConfig lingering(Duration linger) {
        return RpcPair.limits(10, 1_000, 100, linger);
    }

    /** Two batches of a call each, begun and not answered. */
    private static List<CompletableFuture<HandOverReply>> twoUnderWay(RpcPair pair, Gate gate) {
        List<CompletableFuture<HandOverReply>> futures = new ArrayList<>();
        for (int seq = 0; seq < 2; seq++) {
            futures.add(pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(20)));
            int begun = seq + 1;
            await().until(() -> gate.batches().size() == begun);
        }
        return futures;
    }

    @Test
    void anErrorOfOneReplyFailsThatCallAlone() {
        BatchHandler<HandOverRequest, HandOverReply> handler = (requests, deadline) -> requests.stream()
                .map(request -> request.getSeq() == 3
                        ? HandOverReply.newBuilder()
                                .setError(ErrorTranslator.toStatus(
                                        new LonglineException(ErrorCode.INBOX_FULL, "the inbox has 10000 messages")))
                                .build()
                        : Calls.reply(request))
                .toList();
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), handler)) {
            List<CompletableFuture<HandOverReply>> futures = LongStream.range(0, 6)
                    .mapToObj(seq -> pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(10)))
                    .toList();

            LonglineException error = Calls.failure(futures.get(3));
            assertThat(error.code()).isEqualTo(ErrorCode.INBOX_FULL);
            assertThat(error).hasMessage("the inbox has 10000 messages");
            assertThat(futures.get(2).join().getReason()).isEqualTo("seq 2");
            assertThat(futures.get(4).join().getReason()).isEqualTo("seq 4");
        }
    }

    @Test
    void aThrownErrorFailsTheWholeBatchAndTheStreamGoesOn() {
        BatchHandler<HandOverRequest, HandOverReply> handler = (requests, deadline) -> {
            if (requests.getFirst().getSeq() == 0) {
                throw LonglineException.dependencyDown("redis", "redis does not answer", null)
                        .retryAfter(Duration.ofMillis(700));
            }
            return Calls.replies(requests);
        };
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), handler)) {
            LonglineException error =
                    Calls.failure(pair.peer().call(Calls.HAND_OVER, Calls.request(0), Calls.seconds(10)));
            assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
            assertThat(error.dependency()).contains("redis");
            assertThat(error.retryAfter()).contains(Duration.ofMillis(700));
            assertThat(pair.peer()
                            .await(Calls.HAND_OVER, Calls.request(1), Calls.seconds(10))
                            .getReason())
                    .isEqualTo("seq 1");
        }
    }

    @Test
    void aHandlerThatForgetsRepliesIsAFaultOfItsOwn() {
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), (requests, deadline) -> List.of())) {
            LonglineException error =
                    Calls.failure(pair.peer().call(Calls.HAND_OVER, Calls.request(0), Calls.seconds(10)));
            assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
        }
    }

    @Test
    void aRequestAboveTheLimitIsRefusedAtOnceAndTooLargeRepliesFailTheirBatchOnly() {
        BatchHandler<HandOverRequest, HandOverReply> handler = (requests, deadline) -> requests.stream()
                .map(request -> HandOverReply.newBuilder()
                        .setReason("x".repeat((int) request.getSeq()))
                        .build())
                .toList();
        try (RpcPair pair = new RpcPair(RpcPair.limits(1, 100, 100), handler)) {
            HandOverRequest large = HandOverRequest.newBuilder()
                    .setMessage(Message.newBuilder().setText("x".repeat(9 << 20)))
                    .build();
            assertThat(Calls.failure(pair.peer().call(Calls.HAND_OVER, large, Calls.seconds(10)))
                            .code())
                    .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
            assertThat(Calls.failure(pair.peer().call(Calls.HAND_OVER, Calls.request(9 << 20), Calls.seconds(10)))
                            .code())
                    .isEqualTo(ErrorCode.INTERNAL);
            assertThat(pair.peer()
                            .await(Calls.HAND_OVER, Calls.request(3), Calls.seconds(10))
                            .getReason())
                    .isEqualTo("xxx");
            assertThat(pair.metric("longline.rpc.stream.breaks", "method", "HandOver"))
                    .isZero();
        }
    }
}
