package io.longline.bench.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientTest {
    private final Client client = new Client(7);
    private final CrowdCounts counts = new CrowdCounts();

    private void take(long seq, int run, int number) {
        client.take(seq, new Stamp(run, number, System.nanoTime()), counts);
    }

    @Test
    void eachMessageCountsOnce() {
        take(11, 1, 0);
        take(12, 1, 1);

        assertThat(client.got(1)).isEqualTo(2);
        assertThat(counts.messages()).isEqualTo(2);
        assertThat(counts.doubled()).isZero();
        assertThat(counts.latencyUs().getTotalCount()).isEqualTo(2);
    }

    @Test
    void aSeqThatComesAgainIsARepeatAsAtLeastOnceAllows() {
        take(11, 1, 0);
        take(11, 1, 0);

        assertThat(counts.repeated()).isEqualTo(1);
        assertThat(counts.doubled()).isZero();
        assertThat(client.got(1)).isEqualTo(1);
    }

    @Test
    void theSameMessageUnderAnotherSeqIsADouble() {
        take(11, 1, 0);
        take(12, 1, 0);

        assertThat(counts.doubled()).isEqualTo(1);
        assertThat(counts.messages()).isEqualTo(1);
    }

    @Test
    void withoutSeqsEverySecondTimeIsADouble() {
        take(0, 1, 0);
        take(0, 1, 0);

        assertThat(counts.doubled()).isEqualTo(1);
    }

    @Test
    void aMessageBehindALaterOneIsNotTaken() {
        take(12, 1, 1);
        take(11, 1, 0);

        assertThat(client.got(1)).isEqualTo(1);
        assertThat(counts.repeated()).isEqualTo(1);
    }

    @Test
    void aNewRunBeginsAtZero() {
        take(11, 1, 0);
        take(12, 2, 0);

        assertThat(client.got(1)).isZero();
        assertThat(client.got(2)).isEqualTo(1);
        assertThat(counts.doubled()).isZero();
    }

    @Test
    void itIsAwayFromTheLossOfItsLinkUntilItHasCaughtUp() {
        client.lost();
        client.lost();
        assertThat(client.isAway()).isTrue();

        client.caughtUp(counts);

        assertThat(client.isAway()).isFalse();
        assertThat(counts.backUs().getTotalCount()).isEqualTo(1);
    }
}
