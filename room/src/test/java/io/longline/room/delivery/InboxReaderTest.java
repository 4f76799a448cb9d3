package io.longline.room.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.RoomMetrics;
import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.room.fake.UnaskedInboxes;
import io.longline.room.session.Endpoint;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Page;
import io.longline.room.session.Session;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InboxReaderTest {

    /** A saver that says there is more and never sends it. */
    private static final class Broken extends UnaskedInboxes {
        int loads;

        @Override
        public CompletableFuture<Optional<Page>> load(Session session) {
            loads++;
            return CompletableFuture.completedFuture(Optional.of(new Page(List.of(), true, 0)));
        }
    }

    private final TestLoop loop = new TestLoop();
    private final TestLink link = new TestLink(loop);
    private final Broken saver = new Broken();
    private final RoomLoop roomLoop =
            RoomLoop.on(loop, 10, saver, loop::nowMs, new RoomMetrics(new SimpleMeterRegistry()));
    private final LinkSessions sessions = new LinkSessions(link, roomLoop.sessions());

    @Test
    void aPageThatBringsNothingIsAskedForAgainOnlyAfterAWhile() {
        Session session = behind();

        roomLoop.reader().level(session);
        loop.run(Duration.ofSeconds(60));

        assertThat(saver.loads).isBetween(10, 40);
    }

    @Test
    void nothingIsTriedAgainForASessionThatEnded() {
        Session session = behind();
        roomLoop.reader().level(session);
        loop.run();

        sessions.remove(session);
        loop.run(Duration.ofSeconds(60));

        assertThat(saver.loads).isEqualTo(1);
    }

    @Test
    void aFailedLoadWaitsForASlowLink() {
        Session session = behind();
        roomLoop.reader().level(session);
        loop.run();
        link.writable(false);
        loop.run(Duration.ofSeconds(60));
        assertThat(saver.loads).isEqualTo(1);

        link.writable(true);
        roomLoop.reader().level(session);

        assertThat(saver.loads).isEqualTo(2);
    }

    private Session behind() {
        Session session = requireNonNull(sessions.add(1, new Endpoint("demo", "u1", "phone"), 2, Long.MAX_VALUE));
        session.live(1, 0, 0);
        session.lastHop().loaded(new Page(List.of(), false, 0), 0);
        session.lastHop().reload();
        return session;
    }
}
