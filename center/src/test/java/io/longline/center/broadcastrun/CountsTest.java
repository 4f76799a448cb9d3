package io.longline.center.broadcastrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.RoomProgress;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CountsTest {
    private final Counts counts = new Counts(new BroadcastProgress(
            5, Map.of("a/1", new RoomProgress(10, 4, 2, 6), "b/1", new RoomProgress(3, 1, 0, 2))));

    @Test
    void ofEachNumberTheGreaterCountsButWhatIsLeftIsAsItIs() {
        counts.offset(7);
        counts.answered("a/1", new RoomProgress(9, 5, 1, 3));

        BroadcastProgress now = counts.now(Set.of("a/1", "b/1"));

        assertThat(now.offset()).isEqualTo(7);
        assertThat(now.rooms()).containsEntry("a/1", new RoomProgress(10, 5, 2, 3));
        assertThat(now.rooms()).containsEntry("b/1", new RoomProgress(3, 1, 0, 2));
    }

    @Test
    void inARoomThatIsGoneNobodyIsLeftAndWhatItHadSentCounts() {
        counts.answered("a/2", new RoomProgress(4, 4, 0, 0));

        BroadcastProgress now = counts.now(Set.of("a/2", "b/1"));

        assertThat(now.rooms()).containsEntry("a/1", new RoomProgress(10, 4, 2, 0));
        assertThat(now.sum(RoomProgress::sent)).isEqualTo(9);
        assertThat(now.sum(RoomProgress::left)).isEqualTo(2);
    }

    @Test
    void noMoreRoomsAreToldOfThanAreKept() {
        for (int i = 0; i < 1_100; i++) {
            counts.answered("room-" + i + "/1", RoomProgress.NONE);
        }
        assertThat(counts.now(Set.of()).rooms()).hasSize(1_000).containsKeys("a/1", "b/1");
    }
}
