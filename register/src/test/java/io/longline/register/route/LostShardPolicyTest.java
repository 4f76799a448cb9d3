package io.longline.register.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LostShardPolicyTest {
    private static final Deadline DEADLINE = Deadline.after(Duration.ofSeconds(30));

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void theQuestionIsAskedAgainUntilTheShardIsWhole() {
        LostShardPolicy policy = new LostShardPolicy(Duration.ofSeconds(20));

        assertThat(policy.ask(() -> lostTimes(2), DEADLINE)).isEqualTo("whole");
        assertThat(asked).hasValue(3);
    }

    @Test
    void afterThePatienceItIsRedisThatIsDownAndWorthARetry() {
        LostShardPolicy policy = new LostShardPolicy(Duration.ofMillis(30));

        assertThatThrownBy(() -> policy.ask(() -> lostTimes(1000), DEADLINE))
                .isInstanceOfSatisfying(LonglineException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
                    assertThat(error.dependency()).contains("redis");
                    assertThat(error.retryAfter()).isPresent();
                });
        assertThat(asked).hasValueGreaterThan(1);
    }

    @Test
    void anyOtherFailureIsNotTriedAgain() {
        LostShardPolicy policy = new LostShardPolicy(Duration.ofSeconds(20));
        LonglineException full = new LonglineException(ErrorCode.OVERLOADED, "full");

        assertThatThrownBy(() -> policy.ask(() -> failed(full), DEADLINE)).isSameAs(full);
        assertThat(asked).hasValue(1);
    }

    private CompletionStage<String> lostTimes(int times) {
        return asked.get() < times
                ? failed(new LonglineException(ErrorCode.SHARD_LOST, "lost"))
                : CompletableFuture.completedStage("whole").whenComplete((answer, error) -> asked.incrementAndGet());
    }

    private CompletionStage<String> failed(LonglineException error) {
        asked.incrementAndGet();
        return CompletableFuture.failedStage(error);
    }
}
