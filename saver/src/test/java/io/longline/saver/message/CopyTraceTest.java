package io.longline.saver.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.message.TimelineEntry.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CopyTraceTest {
    private static final long STORED_MS = 1_800_000_000_000L;
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");

    private static List<TimelineEntry> stages(CopyState state, String routed, String written, String ended) {
        return stages(state, STORED_MS + 60_000, routed, written, ended);
    }

    private static List<TimelineEntry> stages(
            CopyState state, long expiresAtMs, String routed, String written, String ended) {
        String reason = state == CopyState.DROPPED ? "offline" : "";
        CopyStatus status = new CopyStatus(PHONE, STORED_MS * 1024 + 7, state, reason);
        List<TimelineEntry> stages = new CopyTrace(status, expiresAtMs, "saver-1", routed, written, ended).stages();
        assertThat(stages.getFirst()).isEqualTo(at(Stage.STORED, STORED_MS, "saver-1"));
        return stages.subList(1, stages.size());
    }

    private static TimelineEntry at(Stage stage, long atMs, String node) {
        return new TimelineEntry(stage, atMs, node, PHONE, "");
    }

    @Test
    void oneMarkTellsWhenTheRoomGotItAndWhenItWroteIt() {
        assertThat(stages(CopyState.ACKED, "", "12+5/room-1", "40/room-2"))
                .containsExactly(
                        at(Stage.ROUTED, STORED_MS + 7, "room-1"),
                        at(Stage.WRITTEN, STORED_MS + 12, "room-1"),
                        at(Stage.ACKED, STORED_MS + 40, "room-2"));
    }

    @Test
    void whatWasRoutedAndReadLaterHasTwo() {
        assertThat(stages(CopyState.WRITTEN, "3/room-1", "900/room-2", ""))
                .containsExactly(
                        at(Stage.ROUTED, STORED_MS + 3, "room-1"), at(Stage.WRITTEN, STORED_MS + 900, "room-2"));
    }

    @Test
    void noRoomWritesWhatItHasNotGotYet() {
        assertThat(stages(CopyState.WRITTEN, "10/room-1", "9/room-1", ""))
                .containsExactly(at(Stage.ROUTED, STORED_MS + 9, "room-1"), at(Stage.WRITTEN, STORED_MS + 9, "room-1"));
    }

    @Test
    void nothingWasAcknowledgedBeforeItWasWritten() {
        assertThat(stages(CopyState.ACKED, "", "12+1/room-1", "9/room-1"))
                .extracting(TimelineEntry::atMs)
                .containsExactly(STORED_MS + 9, STORED_MS + 9, STORED_MS + 9);
    }

    @Test
    void nothingWasRoutedBeforeItWasStored() {
        assertThat(stages(CopyState.WRITTEN, "", "2+9/room-1", ""))
                .first()
                .isEqualTo(at(Stage.ROUTED, STORED_MS, "room-1"));
    }

    @Test
    void whatGaveWayMayHaveBeenWrittenLater() {
        assertThat(stages(CopyState.COLLAPSED, "", "12+1/room-1", "9/saver-1"))
                .containsExactly(
                        at(Stage.ROUTED, STORED_MS + 11, "room-1"),
                        at(Stage.WRITTEN, STORED_MS + 12, "room-1"),
                        at(Stage.COLLAPSED, STORED_MS + 9, "saver-1"));
    }

    @Test
    void whatExpiredDidSoWhenItsTimeWasOverAndNotBeforeItWasWritten() {
        assertThat(stages(CopyState.EXPIRED, "", "", "")).containsExactly(at(Stage.EXPIRED, STORED_MS + 60_000, ""));
        assertThat(stages(CopyState.EXPIRED, STORED_MS - 5, "", "3/room-1", ""))
                .last()
                .isEqualTo(at(Stage.EXPIRED, STORED_MS + 3, ""));
        assertThat(stages(CopyState.EXPIRED, "", "", "70/room-1"))
                .containsExactly(at(Stage.EXPIRED, STORED_MS + 70, "room-1"));
    }

    @Test
    void aDropSaysWhy() {
        assertThat(stages(CopyState.DROPPED, "", "", "4/center-1"))
                .containsExactly(new TimelineEntry(Stage.DROPPED, STORED_MS + 4, "center-1", PHONE, "offline"));
    }

    @Test
    void whatWasLostIsLeftOutAndTheEndIsToldWithoutItsTime() {
        assertThat(stages(CopyState.STORED, "", "", "")).isEmpty();
        assertThat(stages(CopyState.WRITTEN, "", "", "")).containsExactly(at(Stage.WRITTEN, 0, ""));
        assertThat(stages(CopyState.ACKED, "", "", "")).containsExactly(at(Stage.ACKED, 0, ""));
        assertThat(stages(CopyState.EXPIRED, 0, "", "", "")).containsExactly(at(Stage.EXPIRED, 0, ""));
    }

    @Test
    void aNodeMayHaveAnyName() {
        assertThat(stages(CopyState.ACKED, "", "12+5/a+b/c", "40/"))
                .extracting(TimelineEntry::node)
                .containsExactly("a+b/c", "a+b/c", "");
    }

    @Test
    void entriesAreInTheOrderOfTimeThenOfStagesAndWhatHasNoTimeIsLast() {
        TimelineEntry pad = new TimelineEntry(Stage.STORED, STORED_MS, "saver-1", PHONE.withDevice("pad"), "");
        List<TimelineEntry> sorted = List.of(
                        at(Stage.ACKED, 0, ""),
                        at(Stage.WRITTEN, STORED_MS + 2, "room-1"),
                        at(Stage.ROUTED, STORED_MS + 2, "room-1"),
                        at(Stage.STORED, STORED_MS, "saver-1"),
                        pad)
                .stream()
                .sorted(TimelineEntry.IN_ORDER)
                .toList();

        assertThat(sorted)
                .containsExactly(
                        pad,
                        at(Stage.STORED, STORED_MS, "saver-1"),
                        at(Stage.ROUTED, STORED_MS + 2, "room-1"),
                        at(Stage.WRITTEN, STORED_MS + 2, "room-1"),
                        at(Stage.ACKED, 0, ""));
        assertThat(TimelineEntry.accepted(STORED_MS + 3, "center-1", sorted))
                .isEqualTo(new TimelineEntry(Stage.ACCEPTED, STORED_MS, "center-1", null, ""));
        assertThat(TimelineEntry.accepted(STORED_MS + 3, "center-1", List.of()).atMs())
                .isEqualTo(STORED_MS + 3);
    }
}
