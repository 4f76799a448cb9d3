package io.longline.room.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.room.RoomMetrics;
import io.longline.room.fake.Sample;
import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.room.fake.UnaskedInboxes;
import io.longline.room.session.Drop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Hint;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Session;
import io.longline.room.session.SessionTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AckForwarderTest {

    /** Writes down what it is told; each answer is given by the test. */
    private static final class Told extends UnaskedInboxes {
        final List<String> calls = new ArrayList<>();
        final List<CompletableFuture<Void>> answers = new ArrayList<>();

        @Override
        public CompletableFuture<Void> ack(Session session, long seq) {
            return called("ack " + seq);
        }

        @Override
        public CompletableFuture<Void> dropped(Endpoint endpoint, Drop drop) {
            return called("expired " + drop.seq());
        }

        private CompletableFuture<Void> called(String what) {
            calls.add(what);
            answers.add(new CompletableFuture<>());
            return answers.getLast();
        }

        void answer(int call) {
            answers.get(call).complete(null);
        }

        void fail(int call) {
            answers.get(call).completeExceptionally(new LonglineException(ErrorCode.DEPENDENCY_DOWN, "away"));
        }
    }

    private final TestLoop loop = new TestLoop();
    private final Told saver = new Told();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AckForwarder forwarder = new AckForwarder(loop, saver, new RoomMetrics(metrics), 2);
    private final LinkSessions sessions = new LinkSessions(new TestLink(loop), new SessionTable(10));
    private final Session session = bound();

    private Session bound() {
        Session bound = requireNonNull(sessions.add(1, new Endpoint("demo", "u1", "phone"), 64, Long.MAX_VALUE));
        bound.live(1, 0, 0);
        bound.lastHop().loaded(Sample.last(1, 2, 3, 4, 5, 6), 0);
        return bound;
    }

    private void ack(long seq) {
        session.lastHop().ack(seq);
        forwarder.due(session);
    }

    @Test
    void onlyTheNewestAckIsForwarded() {
        ack(1);
        ack(2);
        ack(3);
        loop.run(Duration.ofMillis(10));

        assertThat(saver.calls).containsExactly("ack 3");
    }

    @Test
    void oneCallIsUnderWayAtATimeAndTheNewestFollows() {
        ack(1);
        loop.run(Duration.ofMillis(10));
        ack(2);
        ack(4);
        loop.run(Duration.ofMillis(100));
        assertThat(saver.calls).containsExactly("ack 1");

        saver.answer(0);
        loop.run(Duration.ofMillis(10));

        assertThat(saver.calls).containsExactly("ack 1", "ack 4");
        saver.answer(1);
        loop.run(Duration.ofMillis(10));
        assertThat(forwarder.size()).isZero();
    }

    @Test
    void whatExpiredIsReportedBeforeAnAckBeyondIt() {
        session.lastHop().take(new Hint(7, 6, Sample.expiring(7, 1)), 2);
        session.lastHop().take(new Hint(8, 7, Sample.message(8)), 2);
        ack(8);
        loop.run(Duration.ofMillis(10));
        assertThat(saver.calls).containsExactly("expired 7");

        saver.fail(0);
        loop.run(Duration.ofSeconds(1));
        assertThat(saver.calls).containsExactly("expired 7", "expired 7");
        saver.answer(1);
        loop.run(Duration.ofMillis(10));

        assertThat(saver.calls).containsExactly("expired 7", "expired 7", "ack 8");
    }

    @Test
    void whileTheSaverIsAwayTheNewestAckIsKeptAndTriedAgain() {
        ack(1);
        loop.run(Duration.ofMillis(10));
        saver.fail(0);
        loop.run();
        ack(5);
        loop.run(Duration.ofSeconds(1));

        assertThat(saver.calls).containsExactly("ack 1", "ack 5");
    }

    @Test
    void theLastAckOfAnEndedSessionIsTriedForAWhile() {
        ack(5);
        sessions.remove(session);
        for (int call = 0; call < 8; call++) {
            loop.run(Duration.ofSeconds(10));
            assertThat(saver.calls).hasSize(call + 1).allMatch("ack 5"::equals);
            saver.fail(call);
        }
        loop.run(Duration.ofMinutes(1));

        assertThat(saver.calls).hasSize(8);
        assertThat(forwarder.size()).isZero();
    }

    @Test
    void beyondTheLimitTheAcksOfEndedSessionsAreGivenUpAtTheFirstFailure() {
        for (int i = 2; i <= 4; i++) {
            Session ended = requireNonNull(sessions.add(i, new Endpoint("demo", "u" + i, "phone"), 64, Long.MAX_VALUE));
            ended.live(1, 0, 0);
            ended.lastHop().loaded(Sample.last(1), 0);
            ended.lastHop().ack(1);
            forwarder.due(ended);
            sessions.remove(ended);
        }
        ack(1);
        loop.run(Duration.ofMillis(10));
        assertThat(forwarder.size()).isEqualTo(4);

        for (int i = 0; i < 4; i++) {
            saver.fail(i);
        }
        loop.run(Duration.ofMillis(10));

        assertThat(forwarder.size()).as("the limit, of which one lives").isEqualTo(2);
        assertThat(metrics.get("longline.room.acks")
                        .tag("outcome", "given_up")
                        .counter()
                        .count())
                .isEqualTo(2);
    }
}
