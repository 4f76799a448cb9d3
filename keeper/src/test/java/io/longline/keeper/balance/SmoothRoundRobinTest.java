package io.longline.keeper.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmoothRoundRobinTest {
    private static final List<String> FIVE_ONE_ONE = List.of("a5", "b1", "c1");

    private final SmoothRoundRobin<String> turns =
            new SmoothRoundRobin<>(text -> text.substring(0, 1), text -> Integer.parseInt(text.substring(1)));

    private List<String> firsts(List<String> present, int count) {
        List<String> firsts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            firsts.add(turns.order(present).getFirst().substring(0, 1));
        }
        return firsts;
    }

    @Test
    void theTurnsOfTheHeavyOneAreSpread() {
        assertThat(firsts(FIVE_ONE_ONE, 14)).isEqualTo(Arrays.asList("a a b a c a a a a b a c a a".split(" ")));
    }

    @Test
    void thoseThatAreThereGoOnAndWhoIsBackHasItsShareAgain() {
        firsts(FIVE_ONE_ONE, 3);

        assertThat(firsts(List.of("b1", "c1"), 100).stream().filter("b"::equals))
                .hasSizeBetween(45, 55);
        assertThat(firsts(FIVE_ONE_ONE, 70).stream().filter("a"::equals)).hasSizeBetween(48, 52);
        assertThat(turns.order(List.of())).isEmpty();
    }
}
