package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AckBatchTest {
    private final AckBatch acks = new AckBatch();

    @Test
    void nothingIsDueBeforeAMessageIsFinishedWith() {
        assertThat(acks.takeDue(1_000_000)).isZero();
        assertThat(acks.isEmpty()).isTrue();
    }

    @Test
    void anAckIsDue50MsAfterTheOldestMessageWasBegun() {
        acks.add(10, 1_000);
        acks.add(11, 1_040);
        assertThat(acks.takeDue(1_049)).isZero();
        assertThat(acks.takeDue(1_050)).isEqualTo(11);
        assertThat(acks.takeDue(9_999)).isZero();
    }

    @Test
    void anAckIsDueAfter32Messages() {
        for (int seq = 1; seq < 32; seq++) {
            acks.add(seq, 1_000);
        }
        assertThat(acks.takeDue(1_000)).isZero();
        acks.add(32, 1_000);
        assertThat(acks.takeDue(1_000)).isEqualTo(32);
    }

    @Test
    void aSmallWindowMakesBatchesSmaller() {
        acks.window(8);
        for (int seq = 1; seq <= 4; seq++) {
            assertThat(acks.takeDue(1_000)).isZero();
            acks.add(seq, 1_000);
        }
        assertThat(acks.takeDue(1_000)).isEqualTo(4);
    }

    @Test
    void aMessageThatCameAgainIsAcknowledgedAgain() {
        acks.add(20, 1_000);
        assertThat(acks.takeAll()).isEqualTo(20);
        acks.add(20, 2_000);
        assertThat(acks.takeAll()).isEqualTo(20);
        assertThat(acks.takeAll()).isZero();
    }
}
