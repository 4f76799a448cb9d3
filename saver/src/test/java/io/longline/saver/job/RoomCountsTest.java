package io.longline.saver.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What rooms say of a broadcast: how it stands in the table, and what comes of it when they say more. */
final class RoomCountsTest {
    private static final RoomCounts SOME = new RoomCounts(90, 80, 70, 10);

    @Test
    void theyAreWrittenAndReadAsTheyWere() {
        Map<String, RoomCounts> rooms = Map.of("room-1/5", SOME, "a=b/7", new RoomCounts(0, 0, 0, 0));
        assertThat(RoomCounts.text(Map.of("room-1/5", SOME))).isEqualTo("room-1/5=90,80,70,10");
        assertThat(RoomCounts.parse(RoomCounts.text(rooms))).isEqualTo(rooms);
        assertThat(RoomCounts.text(RoomCounts.parse(""))).isEmpty();
    }

    @Test
    void ofWhatGrowsTheGreaterStandsAndWhatIsLeftIsWhatWasToldLast() {
        Map<String, RoomCounts> told = Map.of("room-1/5", new RoomCounts(95, 60, 75, 40), "room-2/6", SOME);
        assertThat(RoomCounts.merged(Map.of("room-1/5", SOME, "room-3/1", SOME), told))
                .isEqualTo(Map.of(
                        "room-1/5", new RoomCounts(95, 80, 75, 40),
                        "room-2/6", SOME,
                        "room-3/1", SOME));
    }

    @Test
    void soManyRoomsAreKnownAndNoMore() {
        Map<String, RoomCounts> known = new HashMap<>();
        IntStream.range(0, RoomCounts.MOST_ROOMS).forEach(i -> known.put("room/" + i, SOME));
        SortedMap<String, RoomCounts> merged =
                RoomCounts.merged(known, Map.of("more/1", SOME, "room/7", new RoomCounts(99, 99, 99, 0)));
        assertThat(merged).hasSize(RoomCounts.MOST_ROOMS).doesNotContainKey("more/1");
        assertThat(merged.get("room/7")).isEqualTo(new RoomCounts(99, 99, 99, 0));
    }
}
