package io.longline.keeper.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.HandOverBatch;
import io.longline.rpc.v1.HandOverReplies;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.RefillRequest;
import io.longline.rpc.v1.RefillRow;
import io.longline.rpc.v1.SessionsGrpc;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streamed answers, and callers that do not read. */
@Timeout(60)
class StreamingIT {
    private final Members members = new Members();
    private final Peers peers = new Peers("room", members, RpcConfig.defaults(), new SimpleMeterRegistry());
    private @Nullable RpcServer server;

    @AfterEach
    void close() {
        peers.close();
        if (server != null) {
            server.close();
        }
    }

    @Test
    void everyPartArrivesInOrder() {
        Peer peer = refilling((request, rows) -> {
            for (long i = 0; i < 20_000; i++) {
                rows.accept(RefillRow.newBuilder().setGeneration(i).build());
            }
        });
        List<Long> generations = new ArrayList<>();
        peer.stream(
                SessionsGrpc.getRefillMethod(),
                RefillRequest.getDefaultInstance(),
                Calls.seconds(30),
                row -> generations.add(row.getGeneration()));
        assertThat(generations).hasSize(20_000).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theHandlerWaitsForACallerThatIsSlow() throws InterruptedException {
        AtomicInteger written = new AtomicInteger();
        Peer peer = refilling((request, rows) -> {
            for (int i = 0; i < 2_000; i++) {
                rows.accept(
                        RefillRow.newBuilder().setNetwork("x".repeat(10_000)).build());
                written.incrementAndGet();
            }
        });
        CountDownLatch read = new CountDownLatch(1);
        AtomicInteger got = new AtomicInteger();
        Thread caller = Thread.ofVirtual()
                .start(() -> peer.stream(
                        SessionsGrpc.getRefillMethod(), RefillRequest.getDefaultInstance(), Calls.seconds(30), row -> {
                            awaitQuietly(read);
                            got.incrementAndGet();
                        }));
        AtomicInteger last = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(200))
                .until(() -> last.getAndSet(written.get()) == written.get() && written.get() > 0);
        assertThat(written.get()).isLessThan(1_000);
        read.countDown();
        caller.join();
        assertThat(got.get()).isEqualTo(2_000);
    }

    @Test
    void anErrorInTheMiddleIsToldWithItsReason() {
        Peer peer = refilling((request, rows) -> {
            rows.accept(RefillRow.getDefaultInstance());
            throw new LonglineException(ErrorCode.SHARD_LOST, "shard 7 is lost");
        });
        assertThatThrownBy(() -> peer.stream(
                        SessionsGrpc.getRefillMethod(),
                        RefillRequest.getDefaultInstance(),
                        Calls.seconds(10),
                        row -> assertThat(row).isNotNull()))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST);
                    assertThat(error).hasMessage("shard 7 is lost");
                });
    }

    @Test
    void theHandlerIsToldWhenTheCallerGivesUp() {
        AtomicReference<@Nullable Throwable> told = new AtomicReference<>();
        Peer peer = refilling((request, rows) -> {
            try {
                while (true) {
                    rows.accept(RefillRow.newBuilder()
                            .setNetwork("x".repeat(10_000))
                            .build());
                }
            } catch (LonglineException e) {
                told.set(e);
                throw e;
            }
        });
        assertThatThrownBy(() -> peer.stream(
                        SessionsGrpc.getRefillMethod(), RefillRequest.getDefaultInstance(), Calls.seconds(30), row -> {
                            throw new LonglineException(ErrorCode.OVERLOADED, "enough");
                        }))
                .hasMessage("enough");
        await().until(() -> told.get() != null);
    }

    @Test
    void aStreamThatTakesTooLongEndsAtItsDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        Peer peer = refilling((request, rows) -> awaitQuietly(never));
        assertThatThrownBy(() -> peer.stream(
                        SessionsGrpc.getRefillMethod(),
                        RefillRequest.getDefaultInstance(),
                        Deadline.afterMillis(200),
                        row -> assertThat(row).isNotNull()))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        never.countDown();
    }

    @Test
    void aCallerThatDoesNotReadItsRepliesIsNotReadFromEither() {
        AtomicInteger begun = new AtomicInteger();
        RpcConfig config =
                RpcPair.limits(1, 10, 10, new RpcConfig.Incoming(1_000, 1_000, new RpcConfig.Limit(8, 16 << 20), 1));
        try (RpcPair pair = new RpcPair(config, (requests, deadline) -> {
            begun.incrementAndGet();
            return List.of(
                    HandOverReply.newBuilder().setReason("x".repeat(100_000)).build());
        })) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", pair.server.port())
                    .usePlaintext()
                    .build();
            try {
                AtomicInteger answers = new AtomicInteger();
                ClientCall<HandOverBatch, HandOverReplies> call =
                        channel.newCall(DeliveryGrpc.getHandOverMethod(), CallOptions.DEFAULT);
                call.start(new Counting(answers), new Metadata());
                for (int id = 1; id <= 500; id++) {
                    call.sendMessage(HandOverBatch.newBuilder()
                            .setId(id)
                            .setDeadlineMs(60_000)
                            .addRequests(Calls.request(id))
                            .build());
                }
                AtomicInteger last = new AtomicInteger(-1);
                await().pollInterval(Duration.ofMillis(200))
                        .until(() -> last.getAndSet(begun.get()) == begun.get() && begun.get() > 0);
                // What fits the flow control windows of HTTP/2, and the eight.
                assertThat(begun.get()).isLessThan(100);
                call.request(500);
                await().until(() -> answers.get() == 500);
                call.halfClose();
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private Peer refilling(BiConsumer<RefillRequest, Consumer<RefillRow>> handler) {
        RpcServer opened =
                new RpcServer(RpcConfig.defaults(), new SimpleMeterRegistry(), List.of(Calls.refills(handler)));
        server = opened;
        opened.start();
        members.are(Members.node("room-1", opened.port()));
        peers.start();
        return peers.byKey(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Counting extends ClientCall.Listener<HandOverReplies> {
        private final AtomicInteger answers;

        private Counting(AtomicInteger answers) {
            this.answers = answers;
        }

        @Override
        public void onMessage(HandOverReplies message) {
            answers.incrementAndGet();
        }
    }
}
