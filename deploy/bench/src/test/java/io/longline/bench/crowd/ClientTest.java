package io.longline.bench.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
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
    void messagesOfTopicsAreRunsOfTheirOwn() {
        take(11, 1, 0);
        client.takeOfTopic("news", 5, new Stamp(3, 0, System.nanoTime()), counts);
        take(12, 1, 1);
        client.takeOfTopic("news", 6, new Stamp(3, 1, System.nanoTime()), counts);

        assertThat(client.got(1)).isEqualTo(2);
        assertThat(client.gotOfTopics(3)).isEqualTo(2);
        assertThat(counts.messages()).isEqualTo(4);
        assertThat(counts.latencyUs().getTotalCount()).isEqualTo(2);
        assertThat(counts.topicUs().getTotalCount()).isEqualTo(2);
    }

    @Test
    void anOffsetThatComesAgainIsARepeatAndTheSameMessageAtAnotherOneADouble() {
        client.takeOfTopic("news", 5, new Stamp(3, 0, 1), counts);
        client.takeOfTopic("news", 5, new Stamp(3, 0, 1), counts);
        client.takeOfTopic("sport", 5, new Stamp(3, 1, 1), counts);
        assertThat(counts.repeated()).isEqualTo(1);
        assertThat(counts.doubled()).isZero();

        client.takeOfTopic("news", 6, new Stamp(3, 0, 1), counts);
        assertThat(counts.doubled()).isEqualTo(1);
        assertThat(client.gotOfTopics(3)).isEqualTo(2);
    }

    @Test
    void whatWaitedForTheClientCountsFromItsWish() {
        Stamp early = new Stamp(1, 0, System.nanoTime() - TimeUnit.SECONDS.toNanos(100));
        client.bound(System.nanoTime() - TimeUnit.SECONDS.toNanos(2));
        client.take(11, early, counts);
        take(12, 1, 1);

        assertThat(counts.messages()).isEqualTo(2);
        assertThat(counts.latencyUs().getTotalCount()).isEqualTo(1);
        assertThat(counts.loadedUs().getTotalCount()).isEqualTo(1);
        assertThat(counts.loadedUs().getMaxValue()).isBetween(1_990_000L, 60_000_000L);
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
