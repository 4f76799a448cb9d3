package io.longline.saver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ShardCallsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String SOON = "2 looks, soon";
    private final List<Integer> lost = new ArrayList<>();
    private final ShardCalls calls = new ShardCalls(LONG, lost::add, shard -> false, () -> {});

    private static CompletionStage<String> failure(ErrorCode code) {
        return CompletableFuture.failedFuture(new LonglineException(code, code.name()));
    }

    @Test
    void aLostShardIsReportedAndWaitedFor() {
        Deque<CompletionStage<String>> answers = new ArrayDeque<>(List.of(
                failure(ErrorCode.SHARD_LOST),
                failure(ErrorCode.SHARD_LOST),
                CompletableFuture.completedFuture("done")));

        String answer = calls.call(12, Deadline.after(LONG), answers::remove);
        assertThat(answer).isEqualTo("done");
        assertThat(lost).containsExactly(12, 12);
    }

    @Test
    void whileAShardIsRebuiltRedisIsAskedFourTimesASecond() {
        Deque<CompletionStage<String>> answers = new ArrayDeque<>(List.of(
                failure(ErrorCode.SHARD_LOST),
                failure(ErrorCode.SHARD_LOST),
                failure(ErrorCode.SHARD_LOST),
                failure(ErrorCode.SHARD_LOST),
                CompletableFuture.completedFuture("done")));
        ShardCalls waiting = new ShardCalls(LONG, lost::add, shard -> true, () -> {});
        long began = System.nanoTime();

        String answer = waiting.call(12, Deadline.after(LONG), answers::remove);

        assertThat(answer).isEqualTo("done");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(950), Duration.ofSeconds(10));
    }

    @Test
    void aShardThatIsRebuiltIsAskedWithoutWaitingForTheWholePause() {
        AtomicInteger looks = new AtomicInteger();
        ShardCalls waiting = new ShardCalls(LONG, lost::add, shard -> looks.incrementAndGet() < 2, () -> {});
        List<String> tries = new ArrayList<>();

        for (int i = 0; i < 5 && !tries.contains(SOON); i++) { // the machine may stand still meanwhile
            looks.set(0);
            Deque<CompletionStage<String>> answers =
                    new ArrayDeque<>(List.of(failure(ErrorCode.SHARD_LOST), CompletableFuture.completedFuture("done")));
            long began = System.nanoTime();
            String answer = waiting.call(12, Deadline.after(LONG), answers::remove);
            boolean soon = System.nanoTime() - began < 240_000_000L;
            assertThat(answer).isEqualTo("done");
            tries.add(soon ? looks + " looks, soon" : looks + " looks, late");
        }

        assertThat(tries).contains(SOON);
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
        assertThatThrownBy(() -> calls.call(12, Deadline.after(LONG), () -> failure(ErrorCode.OVERLOADED)))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(lost).isEmpty();
    }

    @Test
    void aStoreThatIsNotFitIsNotAsked() {
        ShardCalls unfit = new ShardCalls(LONG, lost::add, shard -> false, () -> {
            throw LonglineException.dependencyDown("redis", "it may evict", null);
        });

        assertThatThrownBy(() -> unfit.call(7, Deadline.after(LONG), () -> {
                    throw new AssertionError("it was asked");
                }))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.dependency()).contains("redis"));
    }
}
