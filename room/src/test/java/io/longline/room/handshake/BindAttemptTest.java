package io.longline.room.handshake;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.CloseCode;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Session;
import io.longline.room.session.SessionTable;
import io.longline.room.transport.Ending;
import java.util.List;
import org.junit.jupiter.api.Test;

class BindAttemptTest {
    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final long TOKEN_ENDS_MS = 1_000;

    private final LinkSessions sessions = new LinkSessions(new TestLink(new TestLoop()), new SessionTable(10));
    private final Session session = requireNonNull(sessions.add(1, PHONE, 4, TOKEN_ENDS_MS));
    private final BindAttempt attempt = new BindAttempt(new BindAttempt.Wish(1, "demo", "u1", "token", 0, List.of()));

    BindAttemptTest() {
        attempt.admitted(
                new BindAttempt.Admission(Product.create("demo", Durability.MYSQL), PHONE, List.of(), TOKEN_ENDS_MS));
    }

    private int codeAt(long nowMs) {
        attempt.refuseIfOver(nowMs);
        Ending refusal = attempt.refusal();
        return refusal == null ? 0 : refusal.code();
    }

    @Test
    void aTokenThatRunsOutDuringTheHandshakeRefusesIt() {
        attempt.placed(session);

        assertThat(codeAt(TOKEN_ENDS_MS - 1)).isZero();
        assertThat(codeAt(TOKEN_ENDS_MS)).isEqualTo(3500);
    }

    @Test
    void aRenewalWhoseSessionHasEndedMeanwhileIsToldWhy() {
        attempt.renews(session);
        sessions.end(session, Ending.of(CloseCode.BLOCKED));

        assertThat(codeAt(0)).isEqualTo(3505);
    }

    @Test
    void oneWhoseLinkHasClosedMeanwhileIsRefusedToo() {
        attempt.placed(session);
        sessions.remove(session);

        assertThat(codeAt(0)).isEqualTo(3000);
    }
}
