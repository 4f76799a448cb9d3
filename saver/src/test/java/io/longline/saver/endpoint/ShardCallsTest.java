package io.longline.saver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ShardCallsTest {
    private final List<Integer> lost = new ArrayList<>();
    private final ShardCalls calls = new ShardCalls(lost::add, shard -> false, () -> {});

    private static CompletionStage<String> failure(ErrorCode code) {
        return CompletableFuture.failedFuture(new LonglineException(code, code.name()));
    }

    @Test
    void aLostShardIsReportedAndWaitedFor() {
        Deque<CompletionStage<String>> answers = new ArrayDeque<>(List.of(
                failure(ErrorCode.SHARD_LOST),
                failure(ErrorCode.SHARD_LOST),
                CompletableFuture.completedFuture("done")));

        String answer = calls.call(12, Deadline.afterMillis(5000), answers::remove);
        assertThat(answer).isEqualTo("done");
        assertThat(lost).containsExactly(12, 12);
    }

    @Test
    void whileAShardIsRebuiltRedisIsAskedFourTimesASecond() {
        AtomicInteger asked = new AtomicInteger();
        ShardCalls waiting = new ShardCalls(lost::add, shard -> true, () -> {});

        assertThatThrownBy(() -> waiting.call(12, Deadline.afterMillis(900), () -> {
                    asked.incrementAndGet();
                    return failure(ErrorCode.SHARD_LOST);
                }))
                .isInstanceOf(LonglineException.class);
        assertThat(asked.get()).isBetween(2, 6);
    }

    @Test
    void aShardThatIsRebuiltIsAskedWithoutWaitingForTheWholePause() {
        Deque<CompletionStage<String>> answers =
                new ArrayDeque<>(List.of(failure(ErrorCode.SHARD_LOST), CompletableFuture.completedFuture("done")));
        AtomicInteger looks = new AtomicInteger();
        ShardCalls waiting = new ShardCalls(lost::add, shard -> looks.incrementAndGet() < 2, () -> {});
        long began = System.nanoTime();

        String answer = waiting.call(12, Deadline.afterMillis(5000), answers::remove);
        assertThat(answer).isEqualTo("done");
        assertThat(looks).hasValue(2);
        assertThat(System.nanoTime() - began).isLessThan(240_000_000L);
    }

    @Test
    void aShardThatStaysLostIsRedisBeingDown() {
        assertThatThrownBy(() -> calls.call(12, Deadline.afterMillis(50), () -> failure(ErrorCode.SHARD_LOST)))
                .isInstanceOfSatisfying(LonglineException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                    assertThat(e.dependency()).contains("redis");
                    assertThat(e.retryAfter()).isPresent();
                });
    }

    @Test
    void anyOtherErrorIsToldAtOnce() {
        assertThatThrownBy(() -> calls.call(12, Deadline.afterMillis(5000), () -> failure(ErrorCode.OVERLOADED)))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(lost).isEmpty();
    }

    @Test
    void aStoreThatIsNotFitIsNotAsked() {
        ShardCalls unfit = new ShardCalls(lost::add, shard -> false, () -> {
            throw LonglineException.dependencyDown("redis", "it may evict", null);
        });

        assertThatThrownBy(() -> unfit.call(7, Deadline.afterMillis(1000), () -> {
                    throw new AssertionError("it was asked");
                }))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.dependency()).contains("redis"));
    }
}
