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
    void aLoneMessageIsDueAtOnce() {
        acks.add(10);
        assertThat(acks.takeDue(-5_000)).isEqualTo(10);
        acks.add(11);
        assertThat(acks.takeDue(-4_950)).isEqualTo(11);
    }

    @Test
    void whatFollowsAnAckSoonWaitsForTheEndOf50Ms() {
        acks.add(10);
        assertThat(acks.takeDue(1_000)).isEqualTo(10);
        acks.add(11);
        assertThat(acks.takeDue(1_001)).isZero();
        acks.add(12);
        assertThat(acks.takeDue(1_049)).isZero();
        assertThat(acks.takeDue(1_050)).isEqualTo(12);
        assertThat(acks.takeDue(9_999)).isZero();
    }

    @Test
    void or32MessagesWhicheverIsFirst() {
        acks.add(1);
        assertThat(acks.takeDue(1_000)).isEqualTo(1);
        for (int seq = 2; seq < 33; seq++) {
            acks.add(seq);
        }
        assertThat(acks.takeDue(1_000)).isZero();
        acks.add(33);
        assertThat(acks.takeDue(1_000)).isEqualTo(33);
    }

    @Test
    void aSmallWindowMakesBatchesSmaller() {
        acks.window(8);
        acks.add(1);
        assertThat(acks.takeDue(1_000)).isEqualTo(1);
        for (int seq = 2; seq <= 5; seq++) {
            assertThat(acks.takeDue(1_000)).isZero();
            acks.add(seq);
        }
        assertThat(acks.takeDue(1_000)).isEqualTo(5);
    }

    @Test
    void aMessageThatCameAgainIsAcknowledgedAgain() {
        acks.add(20);
        assertThat(acks.takeAll()).isEqualTo(20);
        acks.add(20);
        assertThat(acks.takeAll()).isEqualTo(20);
        assertThat(acks.takeAll()).isZero();
    }
}
