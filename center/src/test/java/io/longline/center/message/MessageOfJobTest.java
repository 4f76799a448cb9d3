package io.longline.center.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.job.BroadcastProgress;
import io.longline.center.job.Job;
import io.longline.center.job.JobState;
import io.longline.center.job.Progress;
import io.longline.center.job.RoomProgress;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Of broadcasts; those of lists are in {@code JobIT}. */
class MessageOfJobTest {
    private static final RoomProgress SOME = new RoomProgress(10, 6, 4, 0);
    private static final RoomProgress ALL = new RoomProgress(10, 10, 10, 0);

    private static String status(JobState state, RoomProgress progress, boolean recalled, boolean held) {
        Job job = new Job(
                "shop",
                "j1",
                "m1",
                state,
                1,
                2,
                0,
                0,
                new Progress(0, 0, 0, Map.of()),
                OptionalLong.empty(),
                "",
                recalled,
                held,
                new Job.Broadcast("*", 0, 0, 100, new BroadcastProgress(7, Map.of("room-1/3", progress))),
                null);
        return MessageOfJob.json(Product.create("shop", Durability.REDIS), job)
                .get("status")
                .asText();
    }

    @Test
    void itIsAcceptedUntilItHasEnded() {
        assertThat(status(JobState.RUNNING, ALL, false, true)).isEqualTo("accepted");
        assertThat(status(JobState.HOLDING, SOME, false, false)).isEqualTo("accepted");
        assertThat(status(JobState.QUEUED, RoomProgress.NONE, false, false)).isEqualTo("accepted");
    }

    @Test
    void whenItIsDoneItIsStoredOrAcknowledged() {
        assertThat(status(JobState.DONE, SOME, false, false)).isEqualTo("stored");
        assertThat(status(JobState.DONE, RoomProgress.NONE, false, false)).isEqualTo("stored");
        assertThat(status(JobState.DONE, ALL, false, false)).isEqualTo("acked");
    }

    @Test
    void whatIsCancelledIsWhereItWasWrittenOrNowhere() {
        assertThat(status(JobState.CANCELLED, SOME, false, false)).isEqualTo("written");
        assertThat(status(JobState.CANCELLED, RoomProgress.NONE, false, false)).isEqualTo("no_target");
        assertThat(status(JobState.CANCELLED, RoomProgress.NONE, false, true))
                .as("somebody may have more to tell")
                .isEqualTo("accepted");
    }

    @Test
    void whatIsRecalledIsRecalledWhereNotAllHadIt() {
        assertThat(status(JobState.DONE, SOME, true, false)).isEqualTo("recalled");
        assertThat(status(JobState.CANCELLED, SOME, true, true)).isEqualTo("recalled");
        assertThat(status(JobState.DONE, ALL, true, false)).isEqualTo("acked");
    }
}
