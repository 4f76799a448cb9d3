package io.longline.room.topic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.product.Durability;
import io.longline.keeper.product.MergeWindows;
import io.longline.keeper.product.Product;
import io.longline.room.RoomMetrics;
import io.longline.room.broadcast.BroadcastCounts;
import io.longline.room.broadcast.BroadcastJob;
import io.longline.room.broadcast.BroadcastOrder;
import io.longline.room.broadcast.BroadcastTopics;
import io.longline.room.broadcast.BroadcastWish;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.fake.Sample;
import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.room.fake.UnaskedInboxes;
import io.longline.room.session.Endpoint;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Session;
import io.longline.v1.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One loop, its sessions, and jobs that want several broadcasts sent together. */
class BroadcastsTogetherTest {
    private static final Duration SHARE = Duration.ofSeconds(3);
    private static final UnderWay NOBODY = new UnderWay() {
        @Override
        public void begun() {}

        @Override
        public void ended() {}
    };

    private final TestLoop loop = new TestLoop();
    private final TestClients clients = new TestClients();
    private final RoomMetrics metrics = new RoomMetrics(new SimpleMeterRegistry());
    private final RoomLoop roomLoop = RoomLoop.on(loop, 100_000, new UnaskedInboxes(), loop::nowMs, metrics);
    private final BroadcastTopics known = new BroadcastTopics(
            _ -> CompletableFuture.completedFuture(List.of()), loop, () -> loop.nowMs() * 1_000_000, 0);
    private int windowMs;
    private final TopicLoop topics = TopicLoop.on(
            roomLoop,
            1,
            new TopicLoop.Asked(clients, clients, known),
            TestClients.rules(() -> windowMs == 0 ? Optional.empty() : Optional.of(merging())),
            loop::nowMs,
            metrics);
    private final Broadcasts broadcasts = new Broadcasts(known, List.of(topics));
    private int number;

    private Product merging() {
        return Product.create("demo", Durability.REDIS)
                .withOpenTopics(List.of("*"))
                .with("merge", new MergeWindows(windowMs, Map.of()));
    }

    private final class Client {
        final TestLink link = new TestLink(loop);
        final LinkSessions sessions = new LinkSessions(link, roomLoop.sessions());
        final Session session;

        Client(String user) {
            session = requireNonNull(sessions.add(1, new Endpoint("demo", user, "phone"), 64, Long.MAX_VALUE));
            session.live(7, 0, 0);
            topics.bound(session, new Followed(List.of(), 0), List.of(), NOBODY);
            loop.run();
        }

        List<String> frames() {
            return link.takeFrames().stream().map(BroadcastsTogetherTest::shown).toList();
        }
    }

    private static String shown(ServerFrame frame) {
        return switch (frame.getKindCase()) {
            case PUSH -> "push " + frame.getPush().getOffset();
            case PUSHES ->
                "pushes "
                        + frame.getPushes().getItemsList().stream()
                                .map(item -> item.getOffset())
                                .toList();
            default -> frame.getKindCase().name();
        };
    }

    private List<Client> there(int count) {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Client("u" + i));
        }
        return all;
    }

    /** j1 at 1,000 and so on, each behind the one before it. */
    private static BroadcastJob job(int which, long run) {
        return new BroadcastJob("j" + which, which * 1_000L, (which - 1) * 1_000L, Sample.message(which * 1_000L), run);
    }

    private BroadcastOrder order(BroadcastWish wish, long run, int asked, int... jobs) {
        List<BroadcastJob> all = new ArrayList<>();
        for (int which : jobs) {
            all.add(job(which, run));
        }
        return new BroadcastOrder("demo", "*", all.getFirst(), all.subList(1, all.size()), wish, 0, 0, SHARE, asked);
    }

    private Broadcasts.Answer ask(BroadcastOrder order) {
        CompletableFuture<Broadcasts.Answer> answer = broadcasts.ask(order);
        loop.run();
        return answer.join();
    }

    private Broadcasts.Answer ask(BroadcastWish wish, int... jobs) {
        return ask(order(wish, 1, ++number, jobs));
    }

    private Broadcasts.Answer ask(long run, BroadcastWish wish, int... jobs) {
        return ask(order(wish, run, ++number, jobs));
    }

    private static List<String> counts(Broadcasts.Answer answer) {
        return Stream.concat(Stream.of(answer.counts()), answer.behind().stream())
                .map(BroadcastsTogetherTest::text)
                .toList();
    }

    private static String text(BroadcastCounts counts) {
        return counts.targeted() + " " + counts.sent() + " " + counts.acked() + " " + counts.left();
    }

    @Test
    void eachComesOnceAndInOrderAndIsCountedByItself() {
        List<Client> all = there(1_200);
        assertThat(counts(ask(BroadcastWish.REST, 1, 2, 3))).containsOnly("1200 0 0 1200");

        ask(BroadcastWish.SEND, 1, 2, 3);

        assertThat(all)
                .allSatisfy(
                        client -> assertThat(client.frames()).containsExactly("push 1000", "push 2000", "push 3000"));
        topics.ack(all.getFirst().session, "*", 2_000);
        assertThat(counts(ask(BroadcastWish.OVER, 1, 2, 3)))
                .containsExactly("1200 1200 1 0", "1200 1200 1 0", "1200 1200 0 0");
        ask(BroadcastWish.SEND, 4);
        assertThat(all.getFirst().frames()).containsExactly("push 4000");
        assertThat(clients.take()).as("nothing is read").noneMatch(call -> call.startsWith("read"));
    }

    @Test
    void whoHasSomeOfThemIsSentTheOthers() {
        List<Client> all = there(2);
        ask(BroadcastWish.SEND, 1);
        ask(BroadcastWish.OVER, 1);
        ask(BroadcastWish.SEND, 2, 3);

        assertThat(all)
                .allSatisfy(
                        client -> assertThat(client.frames()).containsExactly("push 1000", "push 2000", "push 3000"));
    }

    @Test
    void withFewerNobodyIsLetHaveTheOthersWhoWasNotBefore() {
        List<Client> all = there(1_200);
        CompletableFuture<Broadcasts.Answer> first = broadcasts.ask(order(BroadcastWish.SEND, 1, ++number, 1, 2, 3));
        CompletableFuture<Broadcasts.Answer> fewer = broadcasts.ask(order(BroadcastWish.SEND, 1, ++number, 1));
        loop.run();
        assertThat(first.join().stale()).isFalse();
        assertThat(fewer.join().stale()).isFalse();

        List<List<String>> had = all.stream().map(Client::frames).toList();
        long three = had.stream()
                .filter(List.of("push 1000", "push 2000", "push 3000")::equals)
                .count();
        long one = had.stream().filter(List.of("push 1000")::equals).count();
        assertThat(three).isBetween(1L, 1_000L);
        assertThat(one).isEqualTo(1_200 - three);
        assertThat(counts(ask(BroadcastWish.OVER, 1))).containsExactly("1200 1200 0 0");

        ask(2, BroadcastWish.SEND, 2, 3);
        List<String> others = List.of("push 2000", "push 3000");
        assertThat(all.stream().map(Client::frames).filter(others::equals).count())
                .as("the others have them already")
                .isEqualTo(one);
        assertThat(counts(ask(2, BroadcastWish.OVER, 2, 3))).containsOnly("1200 1200 0 0");
    }

    @Test
    void whatIsAskedLaterForFewerIsNotUndoneByWhatComesLate() {
        Client client = there(1).getFirst();
        BroadcastOrder late = order(BroadcastWish.SEND, 1, ++number, 1, 2);
        ask(BroadcastWish.SEND, 1);
        assertThat(ask(late).stale()).isTrue();
        assertThat(client.frames()).containsExactly("push 1000");

        ask(2, BroadcastWish.SEND, 2);
        assertThat(ask(order(BroadcastWish.SEND, 1, number + 9, 1, 2)).stale())
                .as("the turn of the first is over")
                .isTrue();
    }

    @Test
    void oneInTheMiddleThatIsDroppedIsPassedOverAndThoseBehindItCome() {
        List<Client> all = there(3);
        ask(BroadcastWish.REST, 1, 2, 3);
        ask(BroadcastWish.DROP, 2);
        ask(BroadcastWish.SEND, 1);
        assertThat(all).allSatisfy(client -> assertThat(client.frames()).containsExactly("push 1000"));
        ask(BroadcastWish.OVER, 1);
        ask(2, BroadcastWish.SEND, 3);

        assertThat(all).allSatisfy(client -> assertThat(client.frames()).containsExactly("push 3000"));
        assertThat(clients.take()).as("nothing is read").isEmpty();
        assertThat(counts(ask(3, BroadcastWish.DROP, 2))).containsExactly("0 0 0 0");
    }

    @Test
    void whenTheFirstIsDroppedNobodyWaitsForThoseBehindItUntilTheirTurn() {
        there(3);
        ask(BroadcastWish.REST, 1, 2, 3);
        ask(BroadcastWish.DROP, 1);
        Client late = new Client("late");
        clients.answer(new TopicLogs.Position(0, 0));
        loop.run();
        assertThat(topics.left()).isZero();

        ask(2, BroadcastWish.SEND, 2, 3);
        assertThat(late.frames()).containsExactly("push 2000", "push 3000");
        assertThat(counts(ask(2, BroadcastWish.OVER, 2, 3))).containsOnly("4 4 0 0");
    }

    @Test
    void whoCannotBeWrittenToReadsAllOfThemWhenHeCan() {
        Client client = there(1).getFirst();
        client.link.writable(false);
        ask(BroadcastWish.SEND, 1, 2);
        assertThat(counts(ask(BroadcastWish.SEND, 1, 2))).containsOnly("1 0 0 0");
        assertThat(client.frames()).isEmpty();

        client.link.writable(true);
        topics.writable(client.session);
        loop.run();
        assertThat(clients.take()).containsExactly("read * 0 upto 2000");
    }

    @Test
    void withAMergeWindowAllOfThemAreOneFrame() {
        windowMs = 100;
        List<Client> all = there(3);
        ask(BroadcastWish.SEND, 1, 2, 3);
        assertThat(all.getFirst().frames()).isEmpty();
        loop.run(Duration.ofMillis(200));

        assertThat(all).allSatisfy(client -> assertThat(client.frames()).containsExactly("pushes [1000, 2000, 3000]"));
        assertThat(counts(ask(BroadcastWish.SEND, 1, 2, 3))).containsOnly("3 3 0 0");
    }
}
