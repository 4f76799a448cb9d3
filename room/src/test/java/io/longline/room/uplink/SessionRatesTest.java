package io.longline.room.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.session.Endpoint;
import org.junit.jupiter.api.Test;

class SessionRatesTest {
    private final Endpoint one = new Endpoint("demo", "u1", "phone");
    private final Endpoint other = new Endpoint("demo", "u2", "phone");
    private final SessionRates rates = new SessionRates();

    @Test
    void aMinutesWorthMayComeAtOnceAndThenOneAfterTheOther() {
        for (int i = 0; i < 60; i++) {
            assertThat(rates.ask(one, 60, 1_000)).isZero();
        }

        assertThat(rates.ask(one, 60, 1_000)).isEqualTo(1_000);
        assertThat(rates.ask(one, 60, 1_700)).isEqualTo(300);
        assertThat(rates.ask(other, 60, 1_700)).isZero();
        assertThat(rates.ask(one, 60, 2_000)).isZero();
        assertThat(rates.ask(one, 60, 2_000)).isEqualTo(1_000);
    }

    @Test
    void whatIsNotUsedIsNotSavedUpBeyondAMinute() {
        rates.ask(one, 2, 0);
        for (int i = 0; i < 2; i++) {
            assertThat(rates.ask(one, 2, 3_600_000)).isZero();
        }
        assertThat(rates.ask(one, 2, 3_600_000)).isEqualTo(30_000);
    }

    @Test
    void withoutALimitNothingIsCounted() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(rates.ask(one, 0, 0)).isZero();
        }
        assertThat(rates.size()).isZero();
    }

    @Test
    void whoHasAllOfItsLimitAgainTakesNoRoom() {
        rates.ask(one, 60, 0);
        rates.ask(other, 1, 0);
        rates.sweep(999);
        assertThat(rates.size()).isEqualTo(2);
        rates.sweep(1_000);
        assertThat(rates.size()).isEqualTo(1);
        rates.sweep(60_000);
        assertThat(rates.size()).isZero();
    }
}
