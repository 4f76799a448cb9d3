package io.longline.room.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.session.Departures.Departure;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeparturesTest {
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Endpoint OTHER = new Endpoint("demo", "u2", "phone");

    private final AtomicLong now = new AtomicLong(-5);
    private final Departures departures = new Departures(now::get);

    private static Set<Integer> shardOf(Endpoint endpoint) {
        return Set.of((int) endpoint.key());
    }

    @Test
    void thoseOfTheShardsAreAnswered() {
        departures.note(PHONE, 7);
        departures.note(OTHER, 8);

        assertThat(departures.of(shardOf(PHONE))).containsExactly(new Departure(PHONE, 7));
    }

    @Test
    void eachIsKeptForNinetySecondsAfterItWasNotedLast() {
        departures.note(PHONE, 7);
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        departures.note(PHONE, 7);
        now.addAndGet(Duration.ofSeconds(90).toNanos());
        assertThat(departures.of(shardOf(PHONE))).containsExactly(new Departure(PHONE, 7));

        now.addAndGet(1);
        assertThat(departures.of(shardOf(PHONE))).isEmpty();
    }

    @Test
    void promise06OfTooManyTheOldestAreLeftOut() {
        departures.note(PHONE, 7);
        for (int i = 0; i < Departures.LIMIT; i++) {
            departures.note(OTHER, i);
        }

        assertThat(departures.size()).isEqualTo(Departures.LIMIT);
        assertThat(departures.of(shardOf(PHONE))).isEmpty();
    }
}
