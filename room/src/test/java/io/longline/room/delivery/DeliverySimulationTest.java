package io.longline.room.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.room.RoomMetrics;
import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Hint;
import io.longline.room.session.HintOutcome;
import io.longline.room.session.Incarnation;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Message;
import io.longline.room.session.Session;
import io.longline.v1.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One session against a model inbox, with everything that can come in between in random order. Each seed is one story. */
class DeliverySimulationTest {
    private static final int SEEDS = Boolean.getBoolean("longline.test.long") ? 20_000 : 40;
    private static final Endpoint ENDPOINT = new Endpoint("demo", "u1", "phone");
    private static final long GENERATION = 7;

    private static final class Story {
        final Random random;
        final int window;
        final TestLoop loop = new TestLoop();
        final TestLink link = new TestLink(loop);
        final ModelInbox inbox;
        final RoomLoop roomLoop;
        final Delivery delivery;
        final Incarnation incarnation;
        final Session session;

        final LinkedHashSet<Long> received = new LinkedHashSet<>();
        final List<Hint> notHinted = new ArrayList<>();
        final Deque<Hint> nowOrNever = new ArrayDeque<>();
        boolean slowAtFirst;
        long clientAcked;
        int caughtUps;
        long waitedAtBind;
        int number;

        Story(long seed, int window) {
            this.random = new Random(seed);
            this.window = window;
            inbox = new ModelInbox(loop, random);
            RoomMetrics metrics = new RoomMetrics(new SimpleMeterRegistry());
            incarnation = new Incarnation("room-1", () -> 1);
            roomLoop = RoomLoop.on(loop, 10, inbox, loop::nowMs, metrics);
            delivery = new Delivery(incarnation, List.of(roomLoop), Duration.ofMillis(500), loop::nowMs, metrics);
            inbox.wasSent(received::contains);
            link.onWrite(this::receive);
            for (int i = random.nextInt(3 * window + 3); i > 0; i--) {
                if (random.nextInt(4) == 0) {
                    inbox.storeForHeir(message(1_000_000));
                } else {
                    Hint hint = inbox.store(message(1_000_000));
                    comesWhenever(hint); // and knows nothing of the heritage
                }
            }
            session = requireNonNull(
                    new LinkSessions(link, roomLoop.sessions()).add(1, ENDPOINT, window, Long.MAX_VALUE));
        }

        private void comesWhenever(Hint hint) {
            if (random.nextBoolean()) {
                notHinted.add(hint);
            } else {
                loop.later(Duration.ofMillis(random.nextInt(150)), () -> hand(hint));
            }
        }

        void receive(ServerFrame frame) {
            if (frame.hasPush()) {
                long seq = frame.getPush().getSeq();
                assertThat(received.isEmpty() ? 0 : received.getLast())
                        .as("the seq before")
                        .isLessThan(seq);
                assertThat(frame.getPush().getTtlMs() > 0 || isNowOrNever(seq))
                        .as("it has not expired")
                        .isTrue();
                received.add(seq);
                assertThat(unacknowledged()).as("unacknowledged").isLessThanOrEqualTo(window);
            } else if (frame.hasCaughtUp()) {
                caughtUps++;
                assertThat(frame.getCaughtUp().getSeq()).isGreaterThanOrEqualTo(waitedAtBind);
            }
        }

        long unacknowledged() {
            return received.stream().filter(seq -> seq > clientAcked).count();
        }

        Message message(long ttlMs) {
            long now = loop.nowMs();
            return new Message(
                    "m" + number++, "x", ByteString.EMPTY, now, now + ttlMs, "normal", 1, "", "", "", false, 0);
        }

        boolean isNowOrNever(long seq) {
            return nowOrNever.stream().anyMatch(hint -> hint.seq() == seq);
        }

        void bind() {
            loop.whenDone(inbox.open(ENDPOINT, 0, window, GENERATION), (opened, _) -> {
                waitedAtBind = requireNonNull(opened).page().upto();
                link.writable(!slowAtFirst);
                session.live(GENERATION, opened.acked(), loop.nowMs());
                roomLoop.reader().loaded(session, opened.page());
            });
        }

        void happen() {
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> push();
                case 4, 5 -> ack();
                case 6 -> link.writable(false);
                case 7, 8 -> takeAgain();
                case 9 -> hintLate();
                case 10 -> {
                    if (!session.bindUnderWay()) {
                        session.lastHop().reload(); // as after a refill
                        roomLoop.reader().level(session);
                    }
                }
                case 11, 12 -> pushNow();
                default -> loop.run(Duration.ofMillis(random.nextInt(15)));
            }
            if (random.nextInt(3) > 0) {
                loop.run(Duration.ofMillis(random.nextInt(4)));
            }
        }

        void push() {
            Hint hint = inbox.store(message(random.nextInt(6) == 0 ? 1 + random.nextInt(60) : 1_000_000));
            switch (random.nextInt(5)) {
                case 0 -> notHinted.add(hint);
                case 1 -> hand(new Hint(hint.seq(), hint.before(), null));
                case 2 -> loop.later(Duration.ofMillis(random.nextInt(50)), () -> hand(hint));
                default -> hand(hint);
            }
        }

        /** It is handed over once, twice, or its hint is lost. */
        void pushNow() {
            Hint hint = inbox.store(message(0));
            nowOrNever.addLast(hint);
            for (int times = random.nextInt(3); times > 0; times--) {
                loop.later(Duration.ofMillis(random.nextInt(40)), () -> handNow(hint));
            }
        }

        void handNow(Hint hint) {
            delivery.handOver(roomLoop, new HandOver(incarnation.placeOf(session), GENERATION, hint), outcome -> {
                boolean written = outcome.equals(HintOutcome.WRITTEN);
                assertThat(written).as("%s was %s", hint, outcome).isEqualTo(received.contains(hint.seq()));
                if (!written) {
                    loop.later(Duration.ofMillis(random.nextInt(20)), () -> inbox.settle(hint.seq()));
                }
            });
        }

        void hintLate() {
            if (!notHinted.isEmpty()) {
                hand(notHinted.remove(random.nextInt(notHinted.size())));
            }
        }

        void hand(Hint hint) {
            delivery.handOver(roomLoop, new HandOver(incarnation.placeOf(session), GENERATION, hint), outcome -> {
                if (outcome.equals(HintOutcome.WRITTEN)) {
                    assertThat(received).as("%s was written", hint).contains(hint.seq());
                } else {
                    assertThat(outcome).isEqualTo(HintOutcome.QUEUED);
                }
            });
        }

        void ack() {
            List<Long> open = received.stream().filter(seq -> seq > clientAcked).toList();
            if (!open.isEmpty()) {
                clientAcked = open.get(random.nextInt(open.size()));
                long beyond = random.nextInt(10) == 0 ? 1_000_000 : 0;
                if (beyond > 0) {
                    clientAcked = received.getLast();
                }
                roomLoop.acks().ack(session, clientAcked + beyond);
            }
        }

        /** What else the loop has to do comes before the session hears of it. */
        void takeAgain() {
            link.writable(true);
            loop.execute(() -> roomLoop.reader().level(session));
        }

        /** Nothing is in the way any more: everything must arrive. */
        void settle() {
            inbox.failing(0);
            takeAgain();
            hand(new Hint(inbox.last(), 0, null)); // as the sweep of unsent inboxes does
            for (int i = 0; i < 4_000 && (inbox.size() > 0 || session.lastHop().sent() < inbox.last()); i++) {
                loop.run(Duration.ofMillis(20));
                ack();
            }
            loop.run(Duration.ofSeconds(20));
        }

        void check(List<Long> allSeqs) {
            List<Long> expected = allSeqs.stream()
                    .filter(seq -> received.contains(seq) || !inbox.expired().contains(seq))
                    .toList();
            assertThat(received).as("everything in order, once").containsExactlyElementsOf(expected);
            assertThat(caughtUps).as("caught_up").isEqualTo(1);
            assertThat(inbox.size()).as("left in the inbox").isZero();
            assertThat(roomLoop.forwarder().size()).as("unreported").isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 0.2", "64, 0", "64, 0.3"})
    void whateverComesInBetweenAllArrivesOnceAndInOrder(int window, double failures) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Story story = new Story(seed, window);
            List<Long> seqs = tell(story, failures);
            assertThat(seqs).isNotEmpty();
        }
    }

    private static List<Long> tell(Story story, double failures) {
        story.slowAtFirst = story.random.nextInt(3) == 0;
        story.bind();
        story.inbox.failing(failures);
        for (int i = 0; i < 120; i++) {
            story.happen();
        }
        story.settle();
        List<Long> seqs = story.inbox.everStored();
        story.check(seqs);
        return seqs;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64})
    void aThousandThatWaitArriveWhateverTheWindow(int window) {
        Story story = new Story(1, window);
        while (story.inbox.everStored().size() < 1_000) {
            story.inbox.store(story.message(1_000_000));
        }
        story.bind();
        story.settle();
        story.check(story.inbox.everStored());
        assertThat(story.received).hasSize(1_000);
    }
}
