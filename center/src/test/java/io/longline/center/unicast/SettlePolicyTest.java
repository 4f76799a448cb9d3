package io.longline.center.unicast;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.result.Status;
import org.junit.jupiter.api.Test;

class SettlePolicyTest {

    @Test
    void aCopyThatMayWaitStaysStoredUntilItWasWritten() {
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Written()).status()).isEqualTo(Status.WRITTEN);
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Waiting()).status()).isEqualTo(Status.STORED);
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Offline()).status()).isEqualTo(Status.STORED);
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Stale()).status()).isEqualTo(Status.STORED);
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Unknown()).status()).isEqualTo(Status.STORED);
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Refused("expired")).status())
                .isEqualTo(Status.EXPIRED);
    }

    @Test
    void onlyDoubtLeavesItToTheSweep() {
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Stale()).tell()).isFalse();
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Unknown()).tell()).isFalse();
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Offline()).tell()).isTrue();
        assertThat(SettlePolicy.ofStored(new UnicastOutcome.Waiting()).tell()).isTrue();
    }

    @Test
    void nowOrNeverEndsWithTheReason() {
        assertThat(SettlePolicy.ofNowOrNever(new UnicastOutcome.Written()).status())
                .isEqualTo(Status.WRITTEN);
        assertThat(SettlePolicy.ofNowOrNever(new UnicastOutcome.Offline()).reason())
                .isEqualTo("offline");
        assertThat(SettlePolicy.ofNowOrNever(new UnicastOutcome.Stale()).reason())
                .isEqualTo("offline");
        assertThat(SettlePolicy.ofNowOrNever(new UnicastOutcome.Unknown()).reason())
                .isEqualTo("no_answer");
        assertThat(SettlePolicy.ofNowOrNever(new UnicastOutcome.Refused("window"))
                        .reason())
                .isEqualTo("window");
        assertThat(SettlePolicy.ofNowOrNever(new UnicastOutcome.Refused("")).reason())
                .isEqualTo("not_writable");
        assertThat(SettlePolicy.ofNowOrNever(new UnicastOutcome.Waiting()).status())
                .isEqualTo(Status.DROPPED);
    }
}
