package io.longline.center.broadcastrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SplitTest {
    private final Map<String, Turn> turns = new LinkedHashMap<>();
    private long now = 1;

    private Map<String, Integer> split(int pace, Map<String, Long> left) {
        left.keySet().forEach(room -> turns.computeIfAbsent(room, _ -> new Turn()));
        return new TreeMap<>(Split.of(pace, left, turns, now));
    }

    private void begin(Map<String, Integer> shares) {
        shares.forEach((room, share) -> Objects.requireNonNull(turns.get(room)).given(share > 0, now));
    }

    @Test
    void itIsThePaceAllTogether() {
        assertThat(split(10, Map.of("a", 1L, "b", 1L, "c", 1L)).values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(10);
        assertThat(split(1_000_000, Map.of("x", 999_999_999_999L, "y", 1L))).isEqualTo(Map.of("x", 1_000_000, "y", 0));
        assertThat(split(7, Map.of())).isEmpty();
    }

    @Test
    void itIsByWhoIsLeft() {
        assertThat(split(100, Map.of("a", 60L, "b", 30L, "c", 10L))).isEqualTo(Map.of("a", 60, "b", 30, "c", 10));
    }

    @Test
    void whoseTurnItIsKeepsItForAWhileThenWhoHasWaitedLongestHasIt() {
        Map<String, Long> left = Map.of("a", 9L, "b", 8L, "c", 7L);
        Map<String, Integer> first = split(1, left);
        assertThat(first).isEqualTo(Map.of("a", 1, "b", 0, "c", 0));
        begin(first);
        now += Turn.LENGTH.toNanos() - 1;
        assertThat(split(1, Map.of("a", 1L, "b", 8L, "c", 7L))).containsEntry("a", 1);
        now += 1;
        Map<String, Integer> second = split(1, left);
        assertThat(second).containsEntry("b", 1);
        begin(second);
        now += Turn.LENGTH.toNanos();
        assertThat(split(1, left)).containsEntry("c", 1);
    }

    @Test
    void aTurnBeginsWhenTheRoomHasWhatItIsToHave() {
        Map<String, Long> left = Map.of("a", 9L, "b", 8L);
        assertThat(split(1, left)).containsEntry("a", 1);
        now += 10 * Turn.LENGTH.toNanos();
        assertThat(split(1, left)).as("it has not had it yet").containsEntry("a", 1);
    }
}
