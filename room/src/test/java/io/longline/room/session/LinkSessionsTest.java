package io.longline.room.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.CloseCode;
import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.room.transport.Ending;
import io.longline.v1.Unbound;
import org.junit.jupiter.api.Test;

class LinkSessionsTest {
    private final TestLink link = new TestLink(new TestLoop());
    private final LinkSessions sessions = new LinkSessions(link, new SessionTable(10));

    private Session add(int ref) {
        return requireNonNull(sessions.add(ref, new Endpoint("demo", "u" + ref, "phone"), 1, 1));
    }

    @Test
    void aSessionThatEndsBesideOthersIsUnbound() {
        Session ended = add(1);
        add(2);

        assertThat(sessions.end(ended, Ending.of(CloseCode.BLOCKED).retryAfter(500)))
                .isTrue();

        Unbound unbound = link.frames().getLast().getUnbound();
        assertThat(unbound.getRef()).isEqualTo(1);
        assertThat(unbound.getCode()).isEqualTo(3505);
        assertThat(unbound.getRetry()).isTrue();
        assertThat(unbound.getRetryAfterMs()).isEqualTo(500);
        assertThat(link.isOpen()).isTrue();
        assertThat(sessions.byRef(1)).isNull();
        assertThat(sessions.end(ended, Ending.of(CloseCode.KICKED))).isFalse();
    }

    @Test
    void theEndOfTheOnlySessionClosesTheLink() {
        sessions.end(add(1), Ending.of(CloseCode.REPLACED));

        assertThat(requireNonNull(link.ending()).code()).isEqualTo(3501);
        assertThat(link.ending().retry()).isFalse();
        assertThat(link.frames()).isEmpty();
    }

    @Test
    void aClientThatUnbindsItsOnlySessionKeepsTheLink() {
        sessions.unbind(add(1), Ending.of(CloseCode.GOING_AWAY));

        assertThat(link.isOpen()).isTrue();
        assertThat(link.frames().getLast().hasUnbound()).isTrue();
    }

    @Test
    void whoIsOvertakenBeforeItsBindIsAnsweredIsKnown() {
        Session session = add(1);
        session.endWhenBound(7, Ending.of(CloseCode.REPLACED));

        assertThat(session.overtaken(7)).isNotNull();
        assertThat(session.overtaken(8))
                .as("a newer generation than the one that was ended")
                .isNull();
    }
}
