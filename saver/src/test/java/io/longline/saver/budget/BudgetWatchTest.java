package io.longline.saver.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BudgetWatchTest {
    private static final long OF_ALL = 2L * Shards.COUNT;

    private final Nodes store = new Nodes();
    private final Budgets budgets = new Budgets(kind -> {});
    private final BudgetWatch watch = new BudgetWatch(store, new BudgetConfig(Map.of()), budgets);

    @Test
    void theSumOfAllShardsIsUsedAndABudgetIsAShareOfTheMemory() {
        watch.round();

        assertThat(budgets.used(Kind.INBOX)).isEqualTo(OF_ALL);
        assertThat(budgets.budget(Kind.INBOX)).isEqualTo(500);
    }

    @Test
    void whileANodeIsAwayItsShardsCountAsTheyWereAndTheOthersAnew() {
        watch.round();
        store.away = ErrorCode.DEPENDENCY_DOWN;
        store.used = 5;
        watch.round();

        long ofAway = 2L * Nodes.AWAY;
        assertThat(budgets.used(Kind.INBOX)).isEqualTo(ofAway + 5L * (Shards.COUNT - Nodes.AWAY));
    }

    @Test
    void aShardThatIsBeingRebuiltCountsAsItWas() {
        watch.round();
        store.away = ErrorCode.SHARD_LOST;
        watch.round();

        assertThat(budgets.used(Kind.INBOX)).isEqualTo(OF_ALL);
    }

    @Test
    void theBudgetsStayUntilAllNodesAreThereAgain() {
        watch.round();
        store.away = ErrorCode.DEPENDENCY_DOWN;
        store.memory = 4000;
        for (int round = 0; round < 130; round++) {
            watch.round();
        }
        assertThat(budgets.budget(Kind.INBOX)).isEqualTo(500);

        store.away = null;
        watch.round();
        assertThat(budgets.budget(Kind.INBOX)).isEqualTo(2000);
    }

    /** Of which one can be away. */
    private static final class Nodes implements BudgetStore {
        static final int AWAY = 80;

        @Nullable
        ErrorCode away;

        long used = 2;
        long memory = 1000;

        private <T> CompletionStage<T> answer(boolean ofIt, T answer) {
            ErrorCode code = away;
            return code == null || !ofIt
                    ? CompletableFuture.completedFuture(answer)
                    : CompletableFuture.failedFuture(new LonglineException(code, "a node is away"));
        }

        @Override
        public CompletionStage<Map<Kind, Long>> used(int shard) {
            return answer(shard < AWAY, Map.of(Kind.INBOX, used));
        }

        @Override
        public CompletionStage<Recount> recount(int shard) {
            return answer(shard < AWAY, new Recount(0, 0));
        }

        @Override
        public CompletionStage<Long> recountTopics(int shard) {
            return answer(shard < AWAY, 0L);
        }

        @Override
        public CompletionStage<GivenUp> giveUp(int shard, long bytes, int most) {
            return answer(shard < AWAY, new GivenUp(0, 0));
        }

        @Override
        public CompletionStage<Long> memory() {
            return answer(true, memory);
        }
    }
}
