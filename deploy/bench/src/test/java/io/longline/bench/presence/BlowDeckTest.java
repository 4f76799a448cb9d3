package io.longline.bench.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BlowDeckTest {
    private static final List<String> PARTS = List.of("coordinator-1", "room-1", "redis");

    private static List<Blow> blows(long seed, boolean longStops, int count) {
        BlowDeck deck = new BlowDeck(seed, PARTS, longStops);
        return Stream.generate(deck::next).limit(count).toList();
    }

    @Test
    void theSameSeedDealsTheSame() {
        assertThat(blows(7, true, 40)).isEqualTo(blows(7, true, 40)).isNotEqualTo(blows(8, true, 40));
    }

    @Test
    void eachPartGetsEachKindAndRedisIsEmptiedOnce() {
        List<Blow> blows = blows(7, true, 10);

        for (String part : PARTS) {
            assertThat(blows.stream().filter(blow -> blow.part().equals(part)).map(Blow::kind))
                    .contains(Blow.Kind.KILL, Blow.Kind.STOP, Blow.Kind.LONG_STOP);
        }
        assertThat(blows(7, true, 100).stream().filter(blow -> blow.kind() == Blow.Kind.EMPTY))
                .hasSize(1);
    }

    @Test
    void shortRunsHaveNoLongStops() {
        assertThat(blows(7, false, 30)).noneMatch(blow -> blow.kind() == Blow.Kind.LONG_STOP);
        assertThat(blows(7, false, 4)).anyMatch(blow -> blow.kind() == Blow.Kind.EMPTY);
    }
}
