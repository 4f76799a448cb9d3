package io.longline.center.jobrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.job.Progress;
import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import io.longline.center.unicast.TargetAnswer;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SliceTest {
    private static final Target FIRST = new Target("u1", null);
    private static final Target SECOND = new Target("u2", "pad");
    private final LonglineException away = LonglineException.dependencyDown("redis", "redis is away", null);

    /** At two devices, of which one has no room. */
    private static TargetAnswer stored(Target target, int fresh) {
        return new TargetAnswer(
                target,
                List.of(
                        new EndpointResult(target.user(), "phone", Status.STORED, null, 7),
                        new EndpointResult(target.user(), "desk", Status.STORED, null, 8),
                        new EndpointResult(target.user(), "full", Status.DROPPED, "inbox_full", 0)),
                null,
                fresh);
    }

    private static TargetAnswer failed(Target target, LonglineException error) {
        return new TargetAnswer(target, List.of(), error, 0);
    }

    private static TargetAnswer failed(Target target, ErrorCode code) {
        return failed(target, new LonglineException(code, "for this reason"));
    }

    @Test
    void whatIsThereAlreadyIsDoubledTheFirstTimeAndSentWhenItIsTriedAgain() {
        Slice fresh = new Slice(List.of(FIRST, SECOND), false);
        fresh.tried(List.of(stored(FIRST, 1), stored(SECOND, 0)));
        assertThat(fresh.progress()).isEqualTo(new Progress(2, 1, 1, Map.of("doubled", 1L)));

        Slice again = new Slice(List.of(FIRST, SECOND), true);
        again.tried(List.of(stored(FIRST, 1), stored(SECOND, 0)));
        assertThat(again.progress()).isEqualTo(new Progress(2, 2, 4, Map.of()));
    }

    @Test
    void whatFailsForAWhileIsLeftAndMayHaveBeenStored() {
        Slice slice = new Slice(List.of(FIRST, SECOND), false);
        slice.tried(List.of(failed(FIRST, away), stored(SECOND, 2)));
        assertThat(slice.left()).containsExactly(FIRST);
        assertThat(slice.failure()).contains(away);

        slice.tried(List.of(stored(FIRST, 0)));
        assertThat(slice.left()).isEmpty();
        assertThat(slice.progress()).isEqualTo(new Progress(2, 2, 4, Map.of()));
    }

    @Test
    void whoIsCountedAtAUsersLimitIsSoOnceAndNobodyAgainAfterATakeOver() {
        Slice slice = new Slice(List.of(FIRST, SECOND), false);
        assertThat(slice.unadmitted()).containsExactly(FIRST, SECOND);
        slice.admitted(List.of(FIRST));
        assertThat(slice.unadmitted()).containsExactly(SECOND);
        slice.admitted(List.of(SECOND));
        slice.tried(List.of(failed(FIRST, away), failed(SECOND, away)));
        assertThat(slice.unadmitted()).isEmpty();

        assertThat(new Slice(List.of(FIRST, SECOND), true).unadmitted()).isEmpty();
    }

    @Test
    void whatFailsForGoodIsSkippedWithItsReason() {
        Slice slice = new Slice(List.of(FIRST, SECOND, FIRST, SECOND), false);
        slice.tried(List.of(
                failed(FIRST, ErrorCode.USER_RATE_EXCEEDED),
                failed(SECOND, ErrorCode.INBOX_FULL),
                failed(FIRST, ErrorCode.INVALID_ARGUMENT),
                failed(SECOND, ErrorCode.QUEUE_FULL)));
        assertThat(slice.left()).containsExactly(SECOND);
        slice.giveUp("expired");
        assertThat(slice.progress())
                .isEqualTo(
                        new Progress(4, 0, 0, Map.of("user_rate", 1L, "inbox_full", 1L, "failed", 1L, "expired", 1L)));
        assertThat(slice.refused())
                .as("of whom it is certain that they have no copy")
                .containsExactly(new Slice.Refused(FIRST, "user_rate"), new Slice.Refused(SECOND, "inbox_full"));
    }
}
