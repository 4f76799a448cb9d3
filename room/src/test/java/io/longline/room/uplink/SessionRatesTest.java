package io.longline.room.uplink;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Session;
import io.longline.room.session.SessionTable;
import org.junit.jupiter.api.Test;

class SessionRatesTest {
    private final LinkSessions sessions = new LinkSessions(new TestLink(new TestLoop()), new SessionTable(10));
    private final Session one = session(1);
    private final Session other = session(2);
    private final SessionRates rates = new SessionRates();

    private Session session(int ref) {
        return requireNonNull(sessions.add(ref, new Endpoint("demo", "u" + ref, "phone"), 1, 1));
    }

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
