package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.HandOverBatch;
import io.longline.rpc.v1.HandOverReplies;
import io.longline.rpc.v1.HandOverReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines, queues and bounds. */
@Timeout(60)
class LimitsIT {

    @Test
    void aCallEndsAtItsOwnDeadlineAlthoughItsBatchGoesOn() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), gate)) {
            CompletableFuture<HandOverReply> patient =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(1), Calls.seconds(30));
            long begun = System.nanoTime();
            CompletableFuture<HandOverReply> hasty =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(2), Deadline.afterMillis(150));

            assertThat(Calls.failure(hasty).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(150), Duration.ofSeconds(5));
            assertThat(patient).isNotDone();
            gate.open();
            assertThat(patient.join().getReason()).isEqualTo("seq 1");
        }
    }

    @Test
    void aCallWhoseTimeIsOverInTheQueueIsNeverSent() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(RpcPair.limits(10, 10, 1), gate)) {
            CompletableFuture<HandOverReply> first =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(1), Calls.seconds(30));
            await().until(() -> gate.seqs().equals(List.of(1L)));
            CompletableFuture<HandOverReply> queued =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(2), Deadline.afterMillis(50));

            assertThat(Calls.failure(queued).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(pair.metric("longline.rpc.queue.depth", "method", "HandOver"))
                    .isZero();
            gate.open();
            first.join();
            assertThat(pair.peer()
                            .await(Calls.HAND_OVER, Calls.request(3), Calls.seconds(10))
                            .getReason())
                    .isEqualTo("seq 3");
            assertThat(gate.seqs()).containsExactly(1L, 3L);
        }
    }

    @Test
    void beyondTheQueueACallFailsAtOnceAndIsCounted() {
        Gate gate = new Gate();
        try (RpcPair pair = new RpcPair(RpcPair.limits(10, 3, 2), gate)) {
            List<CompletableFuture<HandOverReply>> sent = LongStream.of(1, 2)
                    .mapToObj(seq -> pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(30)))
                    .toList();
            await().until(() -> gate.seqs().size() == 2);
            List<CompletableFuture<HandOverReply>> queued = LongStream.of(3, 4, 5)
                    .mapToObj(seq -> pair.peer().call(Calls.HAND_OVER, Calls.request(seq), Calls.seconds(30)))
                    .toList();
            CompletableFuture<HandOverReply> beyond =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(6), Calls.seconds(30));

            assertThat(beyond).isDone();
            LonglineException error = Calls.failure(beyond);
            assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(error.retryAfter()).isPresent();
            assertThat(pair.metric("longline.rpc.queue.rejects", "reason", "queue_full"))
                    .isEqualTo(1);
            assertThat(pair.metric("longline.rpc.queue.depth", "method", "HandOver"))
                    .isEqualTo(3);
            assertThat(pair.metric("longline.rpc.inflight.requests")).isEqualTo(2);
            gate.open();
            sent.forEach(CompletableFuture::join);
            queued.forEach(CompletableFuture::join);
            await().until(() -> pair.metric("longline.rpc.inflight.requests") == 0);
        }
    }

    @Test
    void aServerAtItsBoundRefusesABatchAtOnce() {
        Gate gate = new Gate();
        RpcConfig config =
                RpcPair.limits(10, 10, 10, new RpcConfig.Incoming(1, 1, new RpcConfig.Limit(10, 1 << 20), 1));
        try (RpcPair pair = new RpcPair(config, gate)) {
            CompletableFuture<HandOverReply> running =
                    pair.peer().call(Calls.HAND_OVER, Calls.request(1), Calls.seconds(30));
            await().until(() -> gate.batches().size() == 1);

            LonglineException error =
                    Calls.failure(pair.peer().call(Calls.HAND_OVER, Calls.request(2), Calls.seconds(30)));
            assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(error.retryAfter()).isPresent();
            assertThat(pair.metric("longline.rpc.server.requests.rejects", "method", "HandOver"))
                    .isEqualTo(1);
            gate.open();
            assertThat(running.join().getReason()).isEqualTo("seq 1");
        }
    }

    @Test
    void aBatchWithoutTimeLeftIsAnsweredWithoutBeingBegun() throws Exception {
        Gate gate = new Gate();
        gate.open();
        try (RpcPair pair = new RpcPair(RpcConfig.defaults(), gate)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", pair.server.port())
                    .usePlaintext()
                    .build();
            try {
                CompletableFuture<HandOverReplies> answer = new CompletableFuture<>();
                StreamObserver<HandOverBatch> batches =
                        DeliveryGrpc.newStub(channel).handOver(new First<>(answer));
                batches.onNext(HandOverBatch.newBuilder()
                        .setId(9)
                        .setDeadlineMs(0)
                        .addRequests(Calls.request(1))
                        .build());

                assertThat(answer.get().getId()).isEqualTo(9);
                assertThat(ErrorTranslator.fromStatus(answer.get().getError()).code())
                        .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
                assertThat(gate.batches()).isEmpty();
                batches.onCompleted();
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /** Takes the first answer of a stream. */
    private record First<T>(CompletableFuture<T> answer) implements StreamObserver<T> {
        @Override
        public void onNext(T value) {
            answer.complete(value);
        }

        @Override
        public void onError(Throwable error) {
            answer.completeExceptionally(error);
        }

        @Override
        public void onCompleted() {}
    }
}
