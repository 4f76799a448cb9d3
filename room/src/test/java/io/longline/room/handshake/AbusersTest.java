package io.longline.room.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.session.Endpoint;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AbusersTest {
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");

    private final AtomicLong now = new AtomicLong();
    private final Abusers abusers = new Abusers(now::get);

    private void after(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void note(int times) {
        for (int i = 0; i < times; i++) {
            abusers.note(PHONE);
        }
    }

    @Test
    void twiceIsForgiven() {
        note(2);

        assertThat(abusers.refusedForMs(PHONE)).isZero();
    }

    @Test
    void threeTimesWithinAMinuteIsAMinute() {
        note(2);
        after(Duration.ofSeconds(59));
        note(1);
        assertThat(abusers.refusedForMs(PHONE)).isEqualTo(60_000);

        after(Duration.ofSeconds(59));
        assertThat(abusers.refusedForMs(PHONE)).isEqualTo(1_000);
        after(Duration.ofSeconds(1));
        assertThat(abusers.refusedForMs(PHONE)).isZero();
    }

    @Test
    void threeTimesInALongerTimeIsForgiven() {
        note(2);
        after(Duration.ofSeconds(60));
        note(1);

        assertThat(abusers.refusedForMs(PHONE)).isZero();
    }

    @Test
    void othersAreNotMeant() {
        note(3);

        assertThat(abusers.refusedForMs(new Endpoint("demo", "u1", "tablet"))).isZero();
    }

    @Test
    void promise06OfTooManyTheOldestAreForgotten() {
        note(3);
        for (int i = 0; i < Abusers.LIMIT; i++) {
            abusers.note(new Endpoint("demo", "u2", "d" + i));
        }

        assertThat(abusers.size()).isEqualTo(Abusers.LIMIT);
        assertThat(abusers.refusedForMs(PHONE)).isZero();
    }
}
