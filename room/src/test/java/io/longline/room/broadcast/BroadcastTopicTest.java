package io.longline.room.broadcast;

import static io.longline.room.broadcast.BroadcastTopic.Verdict.NEWS;
import static io.longline.room.broadcast.BroadcastTopic.Verdict.NOTHING_NEW;
import static io.longline.room.broadcast.BroadcastTopic.Verdict.STALE;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.fake.Sample;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class BroadcastTopicTest {
    private long nanos;
    private final BroadcastTopic topic = new BroadcastTopic("demo", "*", () -> nanos, new ByteBudget(0, () -> nanos));

    private static BroadcastOrder order(String job, long offset, BroadcastWish wish, long run, long number) {
        return new BroadcastOrder(
                "demo", "*", job, offset, 0, Sample.message(offset), wish, 0, 0, Duration.ofSeconds(3), run, number);
    }

    private BroadcastTopic.Verdict take(BroadcastOrder order) {
        return topic.take(order, Function.identity());
    }

    @Test
    void aLaterRunWinsAndInARunALaterRequest() {
        assertThat(take(order("j1", 10, BroadcastWish.SEND, 1, 5))).isEqualTo(NEWS);
        assertThat(take(order("j1", 10, BroadcastWish.REST, 1, 4))).isEqualTo(STALE);
        assertThat(topic.pacer().isOver()).isFalse();
        assertThat(take(order("j1", 10, BroadcastWish.REST, 1, 5))).isEqualTo(NOTHING_NEW);
        assertThat(topic.pacer().isOver()).isFalse();

        assertThat(take(order("j1", 10, BroadcastWish.REST, 2, 1))).isEqualTo(NEWS);

        assertThat(topic.pacer().isOver()).isTrue();
        assertThat(take(order("j1", 10, BroadcastWish.SEND, 1, 6))).isEqualTo(STALE);
        assertThat(take(order("j1", 10, BroadcastWish.SEND, 2, 2))).isEqualTo(NEWS);
    }

    @Test
    void whatIsOverEverybodyMayRead() {
        assertThat(take(order("j1", 10, BroadcastWish.SEND, 1, 1))).isEqualTo(NEWS);
        assertThat(topic.open()).isZero();

        assertThat(take(order("j1", 10, BroadcastWish.OVER, 1, 2))).isEqualTo(NEWS);
        assertThat(topic.open()).isEqualTo(10);
        assertThat(take(order("j0", 5, BroadcastWish.OVER, 1, 2))).isEqualTo(NOTHING_NEW);
        assertThat(topic.open()).isEqualTo(10);
    }

    @Test
    void anEarlierJobIsNotSentAnyMoreWhenALaterOneIs() {
        take(order("j1", 10, BroadcastWish.SEND, 1, 1));
        assertThat(take(order("j2", 20, BroadcastWish.SEND, 1, 1))).isEqualTo(NEWS);

        assertThat(take(order("j1", 10, BroadcastWish.SEND, 1, 2))).isEqualTo(STALE);
        assertThat(take(order("j1", 10, BroadcastWish.OVER, 1, 3))).isEqualTo(NEWS);
        assertThat(topic.pacer().isOver()).as("that of j2").isFalse();
        assertThat(take(order("j0", 5, BroadcastWish.SEND, 9, 9))).isEqualTo(STALE);
    }

    @Test
    void ofThirtyTwoJobsItIsKnownWhatWasAsked() {
        for (int job = 1; job <= 33; job++) {
            take(order("j" + job, job, BroadcastWish.SEND, 1, 1));
        }

        assertThat(take(order("j2", 2, BroadcastWish.OVER, 1, 2))).isEqualTo(NEWS);
        assertThat(take(order("j1", 1, BroadcastWish.OVER, 1, 2))).isEqualTo(NOTHING_NEW);
    }
}
