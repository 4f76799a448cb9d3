package io.longline.saver.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BudgetsTest {
    private final List<Kind> refused = new ArrayList<>();
    private final Budgets budgets = new Budgets(refused::add);

    @Test
    void thereIsRoomUntilTheBudgetsAreKnown() {
        budgets.used(Map.of(Kind.INBOX, 1_000_000L));

        assertThat(budgets.lacking(Urgency.LOW, Kind.values())).isEmpty();
        assertThat(budgets.share(Kind.INBOX)).isZero();
    }

    @Test
    void theLessUrgentIsRefusedFirst() {
        budgets.budgets(Map.of(Kind.INBOX, 1000L));

        budgets.used(Map.of(Kind.INBOX, 899L));
        assertThat(budgets.lacking(Urgency.LOW, Kind.INBOX)).isEmpty();
        budgets.used(Map.of(Kind.INBOX, 900L));
        assertThat(budgets.lacking(Urgency.LOW, Kind.INBOX)).contains(Kind.INBOX);
        assertThat(budgets.lacking(Urgency.NORMAL, Kind.INBOX)).isEmpty();
        budgets.used(Map.of(Kind.INBOX, 970L));
        assertThat(budgets.lacking(Urgency.NORMAL, Kind.INBOX)).contains(Kind.INBOX);
        assertThat(budgets.lacking(Urgency.HIGH, Kind.INBOX)).isEmpty();
        budgets.used(Map.of(Kind.INBOX, 1000L));
        assertThat(budgets.lacking(Urgency.HIGH, Kind.INBOX)).contains(Kind.INBOX);
    }

    @Test
    void whatIsLackingIsNamedAndCounted() {
        budgets.budgets(Map.of(Kind.INBOX, 1000L, Kind.COPY, 1000L));
        budgets.used(Map.of(Kind.INBOX, 1L, Kind.COPY, 2000L));

        assertThat(budgets.lacking(Urgency.HIGH, Kind.INBOX, Kind.COPY)).contains(Kind.COPY);
        assertThat(budgets.lacking(Urgency.HIGH, Kind.INBOX)).isEmpty();
        assertThat(budgets.lacking(Urgency.HIGH, Kind.RECORD)).isEmpty();
        budgets.refused(Kind.COPY);
        assertThat(refused).containsExactly(Kind.COPY);
    }

    @Test
    void aBudgetIsWhatIsConfiguredOrAShareOfTheMemory() {
        BudgetConfig config = new BudgetConfig(Map.of(Kind.COPY, 77L, Kind.INBOX, 0L));

        assertThat(config.of(1000))
                .isEqualTo(Map.of(
                        Kind.INBOX,
                        500L,
                        Kind.COPY,
                        77L,
                        Kind.RECORD,
                        100L,
                        Kind.SCHEDULE,
                        100L,
                        Kind.EXPLAIN,
                        50L,
                        Kind.TOPIC,
                        50L));
    }
}
