package io.longline.room.topic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.MergeWindows;
import io.longline.keeper.product.Product;
import io.longline.room.RoomMetrics;
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
import io.longline.room.session.Message;
import io.longline.room.session.Session;
import io.longline.room.session.StoredMessage;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One loop, whose product has messages collected: what is due to a session comes as one frame. */
class MergeTest {
    private static final Duration WINDOW = Duration.ofMillis(100);
    private static final UnderWay NOBODY = new UnderWay() {
        @Override
        public void begun() {}

        @Override
        public void ended() {}
    };

    private final TestLoop loop = new TestLoop();
    private final TestClients clients = new TestClients();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RoomMetrics metrics = new RoomMetrics(meters);
    private final RoomLoop roomLoop = RoomLoop.on(loop, 10_000, new UnaskedInboxes(), loop::nowMs, metrics);
    private final BroadcastTopics known = new BroadcastTopics(
            _ -> CompletableFuture.completedFuture(List.of()), loop, () -> loop.nowMs() * 1_000_000, 0);
    private Product product = merging(100, Map.of());
    private final TopicLoop topics = TopicLoop.on(
            roomLoop,
            1,
            new TopicLoop.Asked(clients, clients, known),
            TestClients.rules(() -> Optional.of(product)),
            loop::nowMs,
            metrics);
    private final Broadcasts broadcasts = new Broadcasts(known, List.of(topics));
    private int users;

    private static Product merging(int windowMs, Map<String, Integer> some) {
        return Product.create("demo", Durability.REDIS)
                .withOpenTopics(List.of("*"))
                .with("merge", new MergeWindows(windowMs, some));
    }

    /** A client with a link of its own. */
    private final class Client {
        final TestLink link = new TestLink(loop);
        final LinkSessions sessions = new LinkSessions(link, roomLoop.sessions());
        final Session session;

        Client(int ref) {
            session =
                    requireNonNull(sessions.add(ref, new Endpoint("demo", "u" + users++, "phone"), 64, Long.MAX_VALUE));
            session.live(7, 0, 0);
            topics.bound(session, Followed.NOTHING, List.of(), NOBODY);
            loop.run();
        }

        Client() {
            this(1);
        }

        /** It follows the topic, is behind this offset and has read that there is nothing. */
        Client at(String topic, long position) {
            topics.subscribe(session, new TopicWish(topic, null, null), () -> {});
            clients.answer(position);
            loop.run();
            clients.followed();
            loop.run();
            clients.answer(page(position));
            loop.run();
            clients.take();
            link.takeFrames();
            return this;
        }

        List<String> frames() {
            return link.takeFrames().stream().map(MergeTest::shown).toList();
        }
    }

    private static String shown(ServerFrame frame) {
        return switch (frame.getKindCase()) {
            case PUSH -> "push " + shown(frame.getPush());
            case PUSHES ->
                "pushes "
                        + frame.getPushes().getItemsList().stream()
                                .map(MergeTest::shown)
                                .collect(Collectors.joining(", "));
            case SUBSCRIBED -> "subscribed " + frame.getSubscribed().getOffset();
            default -> frame.getKindCase().name();
        };
    }

    private static String shown(Push push) {
        return push.getTopic() + " " + push.getOffset();
    }

    private static TopicPage page(long upto, long... offsets) {
        return new TopicPage(
                Arrays.stream(offsets)
                        .mapToObj(offset -> new StoredMessage(offset, Sample.message(offset)))
                        .toList(),
                false,
                upto,
                0);
    }

    private void reach(String topic, long offset, long before) {
        reach(topic, offset, before, Sample.message(offset));
    }

    private void reach(String topic, long offset, long before, @Nullable Message message) {
        CompletableFuture<TopicReached> reached = new Reach(List.of(topics), known, loop::nowMs, metrics)
                .tell("demo", topic, new TopicHint(offset, before, message));
        loop.run();
        assertThat(reached).as("nobody waits for a window").isDone();
    }

    private void broadcast(String job, long offset, long before, int perS) {
        broadcast(job, offset, before, BroadcastWish.SEND, perS);
    }

    private void broadcast(String job, long offset, long before, BroadcastWish wish, int perS) {
        CompletableFuture<Broadcasts.Answer> asked = broadcasts.ask(new BroadcastOrder(
                "demo",
                "*",
                job,
                offset,
                before,
                Sample.message(offset),
                wish,
                0,
                perS,
                Duration.ofSeconds(3),
                1,
                users++));
        loop.run();
        assertThat(asked).isDone();
    }

    private double framesMade() {
        return meters.get("longline.room.topic.frames")
                .tag("what", "made")
                .counter()
                .count();
    }

    // ---- what comes together ----

    @Test
    void whatIsPublishedWithinAWindowComesAsOneFrameInOrder() {
        Client client = new Client().at("news", 10);

        reach("news", 11, 10);
        loop.run(Duration.ofMillis(60));
        reach("news", 12, 11);
        loop.run(Duration.ofMillis(39));
        assertThat(client.frames()).isEmpty();
        loop.run(Duration.ofMillis(1));
        assertThat(client.frames()).containsExactly("pushes news 11, news 12");

        reach("news", 13, 12);
        loop.run(WINDOW);
        assertThat(client.frames()).containsExactly("push news 13");
        assertThat(clients.take()).as("nothing is to be read").isEmpty();
    }

    @Test
    void whatOneCallTellsOfIsToldInItsOrderAndEachIsAnswered() {
        Client client = new Client().at("news", 10);

        List<CompletableFuture<TopicReached>> reached = new Reach(List.of(topics), known, loop::nowMs, metrics)
                .tell(List.of(
                        new Reach.Word("demo", "news", new TopicHint(11, 10, Sample.message(11))),
                        new Reach.Word("demo", "nobody", new TopicHint(5, 4, Sample.message(5))),
                        new Reach.Word("demo", "news", new TopicHint(12, 11, Sample.message(12)))));
        loop.run();

        assertThat(reached).extracting(one -> one.join().followers()).containsExactly(1L, 0L, 1L);
        loop.run(WINDOW);
        assertThat(client.frames()).containsExactly("pushes news 11, news 12");
    }

    @Test
    void theFirstThatATopicEverHadWaitsForItsWindowToo() {
        Client client = new Client().at("news", 0);

        reach("news", 11, 0);
        reach("news", 12, 11);
        loop.run(WINDOW);
        assertThat(client.frames()).containsExactly("pushes news 11, news 12");
        assertThat(clients.take()).as("nothing is to be read").isEmpty();
    }

    @Test
    void wordOfHowFarATopicReachesBeginsNoWindowAndCutsNoneShort() {
        Client level = new Client().at("news", 10);
        Client behind = new Client().at("news", 9);

        reach("news", 10, TopicHint.UNKNOWN, null);
        assertThat(clients.take()).as("at once").containsExactly("read news 9");
        clients.answer(page(10, 10));
        loop.run(Duration.ofMillis(60));
        assertThat(behind.frames()).containsExactly("push news 10");
        reach("news", 11, 10);
        loop.run(Duration.ofMillis(60));
        reach("news", 11, TopicHint.UNKNOWN, null);
        reach("news", 12, 11);
        assertThat(level.frames()).isEmpty();
        loop.run(Duration.ofMillis(40));
        assertThat(level.frames()).containsExactly("pushes news 11, news 12");
        assertThat(behind.frames()).containsExactly("pushes news 11, news 12");
        assertThat(clients.take()).isEmpty();
    }

    @Test
    void allTopicsOfAWindowComeInOneFrameAndEachSessionGetsWhatItFollows() {
        Client both = new Client().at("news", 10).at("sport", 20);
        Client one = new Client().at("sport", 20);

        reach("sport", 21, 20);
        reach("news", 11, 10);
        reach("sport", 22, 21);
        loop.run(WINDOW);

        assertThat(both.frames()).containsExactly("pushes sport 21, sport 22, news 11");
        assertThat(one.frames()).containsExactly("pushes sport 21, sport 22");
    }

    @Test
    void topicsWithWindowsOfTheirOwnHaveTheirOwnFrames() {
        product = merging(100, Map.of("slow*", 1_000, "chat", 0));
        Client client = new Client().at("news", 10).at("slow-1", 20).at("chat", 30);

        reach("slow-1", 21, 20);
        reach("news", 11, 10);
        reach("chat", 31, 30);
        assertThat(client.frames()).containsExactly("push chat 31");
        loop.run(WINDOW);
        assertThat(client.frames()).containsExactly("push news 11");
        reach("slow-1", 22, 21);
        loop.run(Duration.ofSeconds(1));
        assertThat(client.frames()).containsExactly("pushes slow-1 21, slow-1 22");
    }

    @Test
    void whatComesInTheWrongOrderIsPutRight() {
        Client client = new Client().at("news", 10);

        reach("news", 13, 12);
        reach("news", 11, 10);
        reach("news", 12, 11);
        reach("news", 11, 10);
        loop.run(WINDOW);

        assertThat(client.frames()).containsExactly("pushes news 11, news 12, news 13");
        assertThat(clients.take()).isEmpty();
    }

    @Test
    void aFrameIsMadeOnceForAllThatHaveTheSameRefAndAreDueTheSame() {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            all.add(new Client(i % 3 == 0 ? 2 : 1).at("news", 10));
        }
        double before = framesMade();

        reach("news", 11, 10);
        reach("news", 12, 11);
        loop.run(WINDOW);

        assertThat(all).allSatisfy(client -> assertThat(client.frames()).containsExactly("pushes news 11, news 12"));
        assertThat(framesMade() - before).isEqualTo(2);
    }

    @Test
    void withoutAWindowAFrameIsMadeOnceToo() {
        product = merging(0, Map.of());
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            all.add(new Client(i % 3 == 0 ? 2 : 1).at("news", 10));
        }
        double before = framesMade();

        reach("news", 11, 10);

        assertThat(all).allSatisfy(client -> {
            ServerFrame frame = client.link.takeFrames().getFirst();
            assertThat(frame.getPush().getRef()).isEqualTo(client.session.ref());
            assertThat(frame.getPush().getOffset()).isEqualTo(11);
        });
        assertThat(framesMade() - before).isEqualTo(2);
    }

    // ---- who is not level ----

    @Test
    void whoHasWhatCameBeforeIsSentTheRestAndWhoMayMissSomethingReads() {
        Client level = new Client().at("news", 10);
        Client ahead = new Client().at("news", 11);
        Client behind = new Client().at("news", 9);

        reach("news", 11, 10);
        reach("news", 12, 11);
        loop.run(WINDOW);

        assertThat(level.frames()).containsExactly("pushes news 11, news 12");
        assertThat(ahead.frames()).containsExactly("push news 12");
        assertThat(behind.frames()).isEmpty();
        assertThat(clients.take()).containsExactly("read news 9");
        clients.answer(page(12, 10, 11, 12));
        loop.run();
        assertThat(behind.frames()).containsExactly("pushes news 10, news 11, news 12");
    }

    @Test
    void aGapWithinAWindowIsReadAndNothingComesTwice() {
        Client client = new Client().at("news", 10);

        reach("news", 11, 10);
        reach("news", 13, 12);
        loop.run(WINDOW);

        assertThat(client.frames()).containsExactly("push news 11");
        assertThat(clients.take()).containsExactly("read news 11");
        clients.answer(page(13, 12, 13));
        loop.run();
        assertThat(client.frames()).containsExactly("pushes news 12, news 13");
        reach("news", 13, 12);
        loop.run(WINDOW);
        assertThat(client.frames()).isEmpty();
    }

    @Test
    void whoseLinkIsSlowWhenTheWindowEndsReadsWhenItTakesThingsAgain() {
        Client slow = new Client().at("news", 10);
        Client quick = new Client().at("news", 10);

        reach("news", 11, 10);
        slow.link.writable(false);
        loop.run(WINDOW);
        assertThat(quick.frames()).containsExactly("push news 11");
        assertThat(slow.frames()).isEmpty();
        assertThat(clients.take()).isEmpty();

        slow.link.writable(true);
        topics.writable(slow.session);
        loop.run();
        assertThat(clients.take()).containsExactly("read news 10");
        clients.answer(page(11, 11));
        loop.run();
        assertThat(slow.frames()).containsExactly("push news 11");
    }

    @Test
    void whoBeginsToFollowWithinAWindowReadsAndIsNotSentTheSameAgain() {
        new Client().at("news", 10);
        reach("news", 11, 10);
        Client late = new Client();
        topics.subscribe(late.session, new TopicWish("news", 10L, null), () -> {});
        clients.answer(10L);
        loop.run();
        clients.followed();
        loop.run();
        clients.answer(page(11, 11));
        loop.run();
        assertThat(late.frames()).containsExactly("subscribed 10", "push news 11");

        reach("news", 12, 11);
        loop.run(WINDOW);

        assertThat(late.frames()).containsExactly("push news 12");
    }

    @Test
    void whoLeavesWithinAWindowIsSentNothing() {
        Client gone = new Client().at("news", 10);
        Client stays = new Client().at("news", 10);

        reach("news", 11, 10);
        gone.sessions.remove(gone.session);
        loop.run(WINDOW);

        assertThat(gone.frames()).isEmpty();
        assertThat(stays.frames()).containsExactly("push news 11");
    }

    @Test
    void acksCountAsFarAsWasSentAndNotWhatWaits() {
        Client client = new Client().at("news", 10);
        reach("news", 11, 10);
        topics.ack(client.session, "news", 11);
        assertThat(clients.take()).isEmpty();
        reach("news", 12, 11);
        loop.run(WINDOW);
        topics.ack(client.session, "news", 12);
        loop.run(Duration.ofSeconds(1));

        assertThat(clients.take()).containsExactly("pass news 12");
    }

    // ---- when a window ends ----

    @Test
    void aMessageThatWouldNotLiveToSeeItEndsTheWindow() {
        Client client = new Client().at("news", 10);

        reach("news", 11, 10);
        reach("news", 12, 11, Sample.expiring(12, loop.nowMs() + 50));

        assertThat(client.frames()).containsExactly("pushes news 11, news 12");
    }

    @Test
    void whatHasExpiredIsPassedOver() {
        Client client = new Client().at("news", 10);
        reach("news", 11, 10, Sample.nowOrNever(11));
        loop.run(WINDOW);
        assertThat(client.frames()).isEmpty();

        reach("news", 12, 11);
        loop.run(WINDOW);

        assertThat(client.frames()).containsExactly("push news 12");
        assertThat(clients.take()).isEmpty();
    }

    @Test
    void aWindowThatIsFullEndsAndNoFrameIsLargerThanAClientTakes() {
        Client client = new Client().at("news", 10);
        String hard = "\u0001".repeat(60 * 1024); // six bytes each in JSON
        int sent = 0;
        for (int offset = 11; offset <= 16; offset++) {
            reach("news", offset, offset - 1, large(offset, hard));
            List<ServerFrame> frames = client.link.takeFrames();
            sent += frames.stream()
                    .mapToInt(frame -> frame.getPushes().getItemsCount())
                    .sum();
            assertThat(frames)
                    .allSatisfy(frame ->
                            assertThat(frame.getPushes().getItemsCount()).isEqualTo(2));
        }
        assertThat(sent).isEqualTo(6);
        assertThat(topics.mergeBytes()).isZero();
    }

    private static Message large(long number, String text) {
        return new Message("m" + number, text, ByteString.EMPTY, 0, 1_000_000, "normal", 1, "", "", "", false, 0);
    }

    @Test
    void aWindowThatIsChangedCountsForWhatComesAfterTheOneThatIsOpen() {
        Client client = new Client().at("news", 10);
        reach("news", 11, 10);
        product = merging(0, Map.of());
        reach("news", 12, 11);
        assertThat(client.frames()).isEmpty();
        loop.run(WINDOW);
        assertThat(client.frames()).containsExactly("pushes news 11, news 12");

        reach("news", 13, 12);
        assertThat(client.frames()).containsExactly("push news 13");
        product = merging(1_000, Map.of());
        reach("news", 14, 13);
        loop.run(Duration.ofMillis(999));
        assertThat(client.frames()).isEmpty();
        loop.run(Duration.ofMillis(1));
        assertThat(client.frames()).containsExactly("push news 14");
    }

    @Test
    void whatWaitsIsCountedInBytes() {
        new Client().at("news", 10);
        reach("news", 11, 10);
        int one = topics.mergeBytes();
        assertThat(one).isPositive();
        reach("news", 12, 11);
        assertThat(topics.mergeBytes()).isEqualTo(2 * one);
        loop.run(WINDOW);
        assertThat(topics.mergeBytes()).isZero();
    }

    // ---- broadcasts ----

    @Test
    void broadcastsWithoutAPaceComeWithTopicsInOneFrame() {
        Client both = new Client().at("news", 10);
        Client one = new Client();

        broadcast("j1", 100, 0, 0);
        reach("news", 11, 10);
        assertThat(both.frames()).isEmpty();
        loop.run(WINDOW);

        assertThat(both.frames()).containsExactly("pushes * 100, news 11");
        assertThat(one.frames()).containsExactly("push * 100");
    }

    @Test
    void broadcastsOfOneTopicComeInOneFrameAndAreCountedAsSent() {
        List<Client> all = List.of(new Client(), new Client());

        broadcast("j1", 100, 0, 0);
        broadcast("j1", 100, 0, BroadcastWish.OVER, 0);
        broadcast("j2", 101, 100, 0);
        loop.run(WINDOW);

        assertThat(all).allSatisfy(client -> assertThat(client.frames()).containsExactly("pushes * 100, * 101"));
        CompletableFuture<Broadcasts.Answer> counts = broadcasts.ask(new BroadcastOrder(
                "demo", "*", "j2", 101, 100, Sample.message(101), BroadcastWish.REST, 0, 0, Duration.ZERO, 1, users++));
        loop.run();
        assertThat(counts.join().counts().sent()).isEqualTo(2);
        assertThat(counts.join().counts().left()).isZero();
    }

    @Test
    void aBroadcastThatIsDroppedWithinAWindowIsSentToNobody() {
        Client client = new Client().at("news", 10);

        broadcast("j1", 100, 0, 0);
        reach("news", 11, 10);
        broadcast("j1", 100, 0, BroadcastWish.DROP, 0);
        loop.run(WINDOW);

        assertThat(client.frames()).containsExactly("push news 11");
    }

    @Test
    void aBroadcastWithAPaceIsNotHeld() {
        Client client = new Client();

        broadcast("j1", 100, 0, 1_000);

        assertThat(client.frames()).containsExactly("push * 100");
    }
}
