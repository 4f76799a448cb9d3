package io.longline.saver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WatermarkTableTest {
    private final Endpoint first = new Endpoint("demo", "u1", "phone");
    private final Endpoint second = new Endpoint("demo", "u2", "phone");
    private final Endpoint third = new Endpoint("demo", "u3", "phone");

    @Test
    void onlyTheNewestOfAnEndpointWaits() {
        WatermarkTable<Endpoint> table = new WatermarkTable<>(10, Endpoint::text);
        table.raise(first, 5);
        table.raise(first, 9);
        table.raise(first, 7);

        assertThat(table.some(10)).containsExactly(Map.entry(first, 9L));
    }

    @Test
    void aFullTableRefusesAnotherEndpointAndTakesAKnownOne() {
        WatermarkTable<Endpoint> table = new WatermarkTable<>(2, Endpoint::text);

        assertThat(table.raise(first, 5)).isTrue();
        assertThat(table.raise(second, 5)).isTrue();
        assertThat(table.raise(third, 5)).isFalse();
        assertThat(table.hasRoomFor(third)).isFalse();
        assertThat(table.raise(first, 6)).isTrue();
        assertThat(table.depth()).isEqualTo(2);
    }

    @Test
    void whatMovedOnWhileItWasWrittenStays() {
        WatermarkTable<Endpoint> table = new WatermarkTable<>(10, Endpoint::text);
        table.raise(first, 5);
        table.raise(second, 5);
        List<Map.Entry<Endpoint, Long>> some = table.some(10);
        table.raise(first, 6);
        table.written(some);

        assertThat(table.some(10)).containsExactly(Map.entry(first, 6L));
    }

    @Test
    void whoMovesOnAgainAndAgainKeepsNobodyWaiting() {
        WatermarkTable<Endpoint> table = new WatermarkTable<>(10, Endpoint::text);
        table.raise(third, 1);
        table.raise(first, 1);
        table.raise(second, 1);
        List<Endpoint> written = new ArrayList<>();
        for (int seq = 2; seq <= 4; seq++) {
            List<Map.Entry<Endpoint, Long>> some = table.some(1);
            table.raise(third, seq);
            table.written(some);
            written.add(some.getFirst().getKey());
        }

        assertThat(written).containsExactly(third, first, second);
        assertThat(table.some(10)).containsExactly(Map.entry(third, 4L));
    }

    @Test
    void whatIsBeingWrittenIsGivenToNobodyElseUntilItIsLeft() {
        WatermarkTable<Endpoint> table = new WatermarkTable<>(10, Endpoint::text);
        table.raise(first, 5);
        List<Map.Entry<Endpoint, Long>> some = table.some(10);
        table.raise(first, 6);

        assertThat(table.some(10)).isEmpty();
        table.left(some);
        assertThat(table.some(10)).containsExactly(Map.entry(first, 6L));
        assertThat(table.depth()).isEqualTo(1);
    }
}
