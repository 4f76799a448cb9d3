package io.longline.room.topic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.LonglineException;
import io.longline.room.RoomMetrics;
import io.longline.room.broadcast.BroadcastOrder;
import io.longline.room.broadcast.BroadcastTopics;
import io.longline.room.broadcast.BroadcastWish;
import io.longline.room.broadcast.Canary;
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
import io.longline.v1.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One loop, its sessions, and jobs that want it to send broadcasts. */
class BroadcastLoopTest {
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
    private final List<String> names = new ArrayList<>();
    private final BroadcastTopics known = new BroadcastTopics(
            product -> CompletableFuture.completedFuture(product.equals("demo") ? List.copyOf(names) : List.of()),
            loop,
            () -> loop.nowMs() * 1_000_000,
            0);
    private final TopicLoop topics = TopicLoop.on(
            roomLoop,
            1,
            new TopicLoop.Asked(clients, clients, known),
            TestClients.BY_TOKEN_ALONE,
            loop::nowMs,
            metrics);
    private final Broadcasts broadcasts = new Broadcasts(known, List.of(topics));
    private int number;

    /** A client with a link of its own. */
    private final class Client {
        final TestLink link = new TestLink(loop);
        final LinkSessions sessions = new LinkSessions(link, roomLoop.sessions());
        final Session session;

        Client(String product, String user) {
            session = requireNonNull(sessions.add(1, new Endpoint(product, user, "phone"), 64, Long.MAX_VALUE));
            session.live(7, 0, 0);
        }

        Client bound(long born, TopicWish... wishes) {
            topics.bound(session, new Followed(List.of(), born), List.of(wishes), NOBODY);
            loop.run();
            return this;
        }

        List<String> frames() {
            return link.takeFrames().stream().map(BroadcastLoopTest::shown).toList();
        }

        void leave() {
            sessions.remove(session);
        }
    }

    private static String shown(ServerFrame frame) {
        return switch (frame.getKindCase()) {
            case PUSH ->
                "push " + frame.getPush().getTopic() + " " + frame.getPush().getOffset();
            case SUBSCRIBED -> "subscribed " + frame.getSubscribed().getOffset();
            case ERROR -> "error " + frame.getError().getReason();
            default -> frame.getKindCase().name();
        };
    }

    /** It was bound before the topic was there. */
    private Client there(String user) {
        return new Client("demo", user).bound(0);
    }

    private List<Client> there(int count) {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(there("u" + i));
        }
        return all;
    }

    /** There are broadcasts up to this offset, and it had them all. */
    private Client levelAt(String user, long offset) {
        Client client = new Client("demo", user).bound(0);
        clients.answer(new TopicLogs.Position(offset, offset));
        loop.run();
        clients.take();
        return client;
    }

    private BroadcastOrder order(
            String job, long offset, long before, BroadcastWish wish, int canary, int rate, Message message) {
        return new BroadcastOrder("demo", "*", job, offset, before, message, wish, canary, rate, SHARE, 1, ++number);
    }

    private Broadcasts.Answer ask(BroadcastOrder order) {
        CompletableFuture<Broadcasts.Answer> answer = broadcasts.ask(order);
        loop.run();
        return answer.join();
    }

    private Broadcasts.Answer ask(String job, long offset, long before, BroadcastWish wish, int rate) {
        return ask(order(job, offset, before, wish, 0, rate, Sample.message(offset)));
    }

    private Broadcasts.Answer send(String job, long offset, long before, int rate) {
        return ask(job, offset, before, BroadcastWish.SEND, rate);
    }

    /** What it says without changing anything. */
    private String counts(String job, long offset) {
        CompletableFuture<Broadcasts.Answer> answer = broadcasts.ask(new BroadcastOrder(
                "demo", "*", job, offset, 0, Sample.message(offset), BroadcastWish.REST, 0, 0, SHARE, 1, number));
        loop.run();
        var counts = answer.join().counts();
        return counts.targeted() + " " + counts.sent() + " " + counts.acked() + " " + counts.left();
    }

    private static int had(List<Client> all) {
        return all.stream().mapToInt(client -> client.frames().size()).sum();
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

    private TopicReached reach(long offset) {
        CompletableFuture<TopicReached> reached = new Reach(List.of(topics), known, loop::nowMs, metrics)
                .tell("demo", "*", new TopicHint(offset, TopicHint.UNKNOWN, null));
        loop.run();
        return reached.join();
    }

    // ---- who follows ----

    @Test
    void ofAProductWithoutBroadcastsNothingIsKept() {
        there(10);

        assertThat(topics.follows()).isZero();
        assertThat(topics.table().all()).isEmpty();
        assertThat(clients.take()).isEmpty();
    }

    @Test
    void whoIsThereWhenTheFirstOneAppearsIsSentItAndNobodyIsAskedAnything() {
        List<Client> all = there(1_500);
        Client other = new Client("other", "u0").bound(0);

        ask("j1", 1_000, 0, BroadcastWish.REST, 0);
        assertThat(counts("j1", 1_000)).isEqualTo("1500 0 0 1500");
        send("j1", 1_000, 0, 0);

        assertThat(all).allSatisfy(client -> assertThat(client.frames()).containsExactly("push * 1000"));
        assertThat(other.frames()).isEmpty();
        assertThat(clients.take()).isEmpty();
        assertThat(counts("j1", 1_000)).isEqualTo("1500 1500 0 0");
    }

    @Test
    void whoBindsBeginsWhereItIsOrWasBornWithoutAWord() {
        names.add("*");
        Client client = new Client("demo", "u1").bound(900);

        assertThat(clients.take()).containsExactly("position * from 900 after null last null");
        clients.answer(new TopicLogs.Position(900, 1_000));
        loop.run();
        assertThat(clients.take()).containsExactly("read * 900");
        clients.answer(page(1_000, 1_000));
        loop.run();
        assertThat(client.frames()).containsExactly("push * 1000");
        assertThat(clients.take()).isEmpty();

        new Client("demo", "u2").bound(1_100);
        clients.answer(new TopicLogs.Position(1_000, 1_000));
        loop.run();
        assertThat(clients.take())
                .as("nothing is to be read")
                .containsExactly("position * from 1100 after null last null");
    }

    @Test
    void whatTheClientNamesCountsAndIsAnswered() {
        names.add("*");
        Client client = new Client("demo", "u1")
                .bound(900, new TopicWish("*", 950L, null, true), new TopicWish("*none", 5L, null, true));

        assertThat(clients.take()).containsExactly("position * from 900 after 950 last null");
        clients.answer(new TopicLogs.Position(950, 950));
        loop.run();

        assertThat(client.frames()).containsExactly("subscribed 950");
    }

    @Test
    void whileItIsNotKnownWhatThereIsSessionsWaitAndAreLeft() {
        List<CompletableFuture<List<String>>> asked = new ArrayList<>();
        BroadcastTopics slow = new BroadcastTopics(
                _ -> {
                    asked.add(new CompletableFuture<>());
                    return asked.getLast();
                },
                loop,
                () -> loop.nowMs() * 1_000_000,
                0);
        TopicLoop others = TopicLoop.on(
                roomLoop,
                1,
                new TopicLoop.Asked(clients, clients, slow),
                TestClients.BY_TOKEN_ALONE,
                loop::nowMs,
                metrics);
        Client client = new Client("demo", "u1");
        others.bound(client.session, new Followed(List.of(), 900), List.of(), NOBODY);
        CompletableFuture<Broadcasts.Answer> answer = new Broadcasts(slow, List.of(others))
                .ask(order("j1", 1_000, 500, BroadcastWish.SEND, 0, 0, Sample.message(1_000)));
        loop.run();
        assertThat(answer.join().counts().left()).isEqualTo(1);
        assertThat(clients.take()).isEmpty();

        asked.getFirst().complete(List.of("*", "*old"));
        loop.run();

        assertThat(clients.take())
                .containsExactlyInAnyOrder(
                        "position * from 900 after null last null", "position *old from 900 after null last null");
    }

    @Test
    void ofOneThatAppearsInTheMiddleOfItsLogTheRegisterAndTheSaverAreAsked() {
        Client client = there("u1");

        send("j1", 1_000, 500, 0);

        assertThat(counts("j1", 1_000)).isEqualTo("1 0 0 1");
        assertThat(clients.take()).containsExactly("follows");
        clients.answer(new Followed(List.of(), 400));
        loop.run();
        assertThat(clients.take()).containsExactly("position * from 400 after null last null");
        clients.answer(new TopicLogs.Position(500, 500));
        loop.run();
        assertThat(client.frames()).containsExactly("push * 1000");
        assertThat(counts("j1", 1_000)).isEqualTo("1 1 0 0");
    }

    @Test
    void aRegisterThatIsAwayIsAskedUntilItTells() {
        there("u1");
        send("j1", 1_000, 500, 0);
        clients.fail(LonglineException.dependencyDown("redis", "away", null));
        loop.run(Duration.ofSeconds(2));
        assertThat(clients.take()).containsExactly("follows", "follows");

        clients.answer(new Followed(List.of(), 400));
        loop.run();

        assertThat(clients.take()).containsExactly("position * from 400 after null last null");
    }

    @Test
    void whatTheRegisterSaysOfOtherTopicsEndsNoBroadcast() {
        names.add("*");
        Client client = levelAt("u1", 1_000);

        topics.refollow(client.session);
        clients.answer(Followed.NOTHING);
        loop.run();

        assertThat(topics.follows()).isEqualTo(1);
        clients.take();
        client.session.rebinding();
        client.session.rebound(8);
        topics.rebound(client.session, Followed.NOTHING);
        loop.run();
        assertThat(clients.take()).as("the register has nothing to say").containsExactly("read * 1000");
    }

    // ---- the pace ----

    @Test
    void inNoSecondMoreAreSentItThanTheRate() {
        List<Client> all = there(100);
        send("j1", 1_000, 0, 20);
        List<Integer> everyTenth = new ArrayList<>();
        for (int tenth = 0; tenth < 60; tenth++) {
            loop.run(Duration.ofMillis(100));
            everyTenth.add(had(all));
            if (tenth % 5 == 4) {
                send("j1", 1_000, 0, 20);
            }
        }

        for (int from = 0; from + 10 <= everyTenth.size(); from++) {
            assertThat(everyTenth.subList(from, from + 10).stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isLessThanOrEqualTo(20);
        }
        assertThat(everyTenth.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
        assertThat(counts("j1", 1_000)).isEqualTo("100 100 0 0");
    }

    @Test
    void whenTheShareIsOverNobodyIsSentIt() {
        List<Client> all = there(100);
        send("j1", 1_000, 0, 10);
        loop.run(Duration.ofSeconds(3));
        int inTime = had(all);
        assertThat(inTime).isBetween(25, 30);
        loop.run(Duration.ofSeconds(30));
        assertThat(had(all)).isZero();
        assertThat(counts("j1", 1_000)).isEqualTo("100 " + inTime + " 0 " + (100 - inTime));

        send("j1", 1_000, 0, 0);
        assertThat(had(all)).isEqualTo(100 - inTime);
    }

    @Test
    void itRestsAndGoesOn() {
        List<Client> all = there(100);
        send("j1", 1_000, 0, 10);
        loop.run(Duration.ofMillis(500));
        had(all);
        ask("j1", 1_000, 0, BroadcastWish.REST, 0);
        loop.run(Duration.ofSeconds(10));
        assertThat(had(all)).isZero();

        send("j1", 1_000, 0, 0);

        assertThat(had(all)).isPositive();
        assertThat(counts("j1", 1_000)).isEqualTo("100 100 0 0");
    }

    @Test
    void whatIsDroppedNobodyIsSentAnyMore() {
        List<Client> all = there(100);
        Client slow = all.getLast();
        slow.link.writable(false);
        send("j1", 1_000, 0, 10);
        loop.run(Duration.ofMillis(500));
        had(all);
        ask("j1", 1_000, 0, BroadcastWish.DROP, 0);
        slow.link.writable(true);
        topics.writable(slow.session);
        loop.run(Duration.ofSeconds(1));
        if (clients.take().equals(List.of("read * 0 upto 1000"))) { // the saver has not heard of it yet
            clients.answer(page(1_000, 1_000));
        }
        loop.run(Duration.ofSeconds(10));

        assertThat(had(all)).isZero();
        assertThat(counts("j1", 1_000)).endsWith(" 0");
    }

    @Test
    void whatHasExpiredNobodyIsSentAndNobodyIsLeft() {
        List<Client> all = there(100);
        Message message = Sample.expiring(1_000, 700);
        ask(order("j1", 1_000, 0, BroadcastWish.SEND, 0, 10, message));
        loop.run(Duration.ofSeconds(2));
        assertThat(had(all)).isBetween(5, 10);

        assertThat(ask(order("j1", 1_000, 0, BroadcastWish.SEND, 0, 10, message))
                        .counts()
                        .left())
                .isZero();
        loop.run(Duration.ofSeconds(2));
        assertThat(had(all)).isZero();
        there("late");
        assertThat(counts("j1", 1_000)).endsWith(" 0");
    }

    // ---- who comes and goes ----

    @Test
    void whoBindsInTheMiddleIsMet() {
        names.add("*");
        Client first = levelAt("u1", 500);
        ask("j1", 1_000, 500, BroadcastWish.REST, 0);
        Client late = new Client("demo", "late").bound(600);
        assertThat(counts("j1", 1_000)).as("it is not known yet how far it is").isEqualTo("2 0 0 2");
        clients.answer(new TopicLogs.Position(500, 500));
        loop.run();
        clients.take();

        send("j1", 1_000, 500, 0);
        assertThat(first.frames()).containsExactly("push * 1000");
        assertThat(late.frames()).containsExactly("push * 1000");
        Client last = levelAt("last", 500);
        assertThat(last.frames()).as("also when all others have it").containsExactly("push * 1000");
        assertThat(counts("j1", 1_000)).isEqualTo("3 3 0 0");
    }

    @Test
    void whoComesBackAndHasItIsNotSentItAgain() {
        names.add("*");
        Client first = levelAt("u1", 500);
        send("j1", 1_000, 500, 0);
        first.leave();

        Client again = new Client("demo", "u1").bound(0, new TopicWish("*", 1_000L, null, true));
        clients.answer(new TopicLogs.Position(500, 500)); // as far as everybody may read
        loop.run();

        assertThat(again.frames()).containsExactly("subscribed 1000");
        assertThat(counts("j1", 1_000)).isEqualTo("1 1 0 0");
    }

    @Test
    void whoLeavesIsNotLeft() {
        List<Client> all = there(2_000);
        ask("j1", 1_000, 0, BroadcastWish.REST, 0);
        all.subList(0, 500).forEach(Client::leave);
        assertThat(counts("j1", 1_000)).isEqualTo("1500 0 0 1500");

        send("j1", 1_000, 0, 0);

        assertThat(had(all)).isEqualTo(1_500);
        assertThat(counts("j1", 1_000)).isEqualTo("1500 1500 0 0");
    }

    @Test
    void thoseWhoComeAndGoWhileItRestsLeaveNothingBehind() {
        there(10);
        ask("j1", 1_000, 0, BroadcastWish.REST, 0);
        for (int i = 0; i < 5_000; i++) {
            Client client = new Client("demo", "c" + i).bound(0);
            clients.answer(new TopicLogs.Position(0, 0));
            loop.run();
            client.leave();
        }
        assertThat(counts("j1", 1_000)).isEqualTo("10 0 0 10");
    }

    @Test
    void whoIsSlowIsNotLeftAndIsSentItWhenItTakesThings() {
        List<Client> all = there(3);
        Client slow = all.getLast();
        slow.link.writable(false);

        send("j1", 1_000, 0, 0);
        assertThat(counts("j1", 1_000)).isEqualTo("3 2 0 0");
        ask("j1", 1_000, 0, BroadcastWish.REST, 0);
        slow.link.writable(true);
        topics.writable(slow.session);
        loop.run();
        assertThat(clients.take()).containsExactly("read * 0 upto 1000");
        clients.answer(page(1_000, 1_000));
        loop.run();

        assertThat(slow.frames()).containsExactly("push * 1000");
        assertThat(counts("j1", 1_000)).isEqualTo("3 3 0 0");
    }

    @Test
    void manySlowOnesDoNotHoldUpTheOthers() {
        List<Client> all = there(100);
        all.subList(50, 100).forEach(client -> client.link.writable(false));
        for (int half = 0; half < 30; half++) {
            send("j1", 1_000, 0, 10);
            loop.run(Duration.ofMillis(500));
        }

        assertThat(counts("j1", 1_000)).isEqualTo("100 50 0 0");
    }

    // ---- what is read first ----

    @Test
    void whoIsBehindReadsAsFarAsItIsLetAndWhoIsNotLetDoesNot() {
        names.add("*");
        levelAt("u1", 500);
        ask("j1", 1_000, 800, BroadcastWish.REST, 0);
        Client let = levelAt("u2", 500);
        Client notLet = levelAt("u3", 500);
        send("j1", 1_000, 800, 1); // u1 alone
        assertThat(clients.take()).containsExactly("read * 500 upto 1000");
        int first = clients.count() - 1;
        topics.reread();
        loop.run();
        assertThat(clients.take()).as("as far as everybody may").containsExactly("read * 500");
        clients.answer(page(800, 800));
        loop.run();
        assertThat(let.frames()).containsExactly("push * 800");
        assertThat(notLet.frames()).containsExactly("push * 800");
        clients.answer(first, page(1_000, 800, 1_000));
        loop.run();
        assertThat(counts("j1", 1_000)).isEqualTo("3 1 0 2");
    }

    @Test
    void thoseWhoReadFirstCountAsIfTheyHadItThisMoment() {
        names.add("*");
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(levelAt("u" + i, 500));
        }
        for (int half = 0; half < 10; half++) {
            send("j1", 1_000, 800, 10);
            loop.run(Duration.ofMillis(500));
        }
        assertThat(counts("j1", 1_000)).as("the saver does not answer").isEqualTo("40 0 0 30");
        assertThat(clients.take()).hasSizeLessThanOrEqualTo(2);
        clients.answer(page(1_000, 800, 1_000));
        loop.run();
        assertThat(had(all)).isLessThanOrEqualTo(20);
    }

    @Test
    void aReadThatFailsDoesNotMakeItLost() {
        names.add("*");
        Client client = levelAt("u1", 500);
        send("j1", 1_000, 800, 0);
        clients.fail(LonglineException.dependencyDown("redis", "away", null));
        loop.run(Duration.ofSeconds(1));
        assertThat(clients.take()).containsExactly("read * 500 upto 1000", "read * 500 upto 1000");

        clients.answer(page(1_000, 1_000));
        loop.run();

        assertThat(client.frames()).containsExactly("push * 1000");
        assertThat(counts("j1", 1_000)).isEqualTo("1 1 0 0");
    }

    @Test
    void whoIsLetWhileItReadsReadsOnceMore() {
        names.add("*");
        Client client = levelAt("u1", 500);
        topics.reread();
        loop.run();
        int read = clients.count() - 1;
        send("j1", 1_000, 500, 0);
        clients.take();
        clients.answer(read, page(500));
        loop.run();

        assertThat(clients.take()).containsExactly("read * 500 upto 1000");
        clients.answer(page(1_000, 1_000));
        loop.run();
        assertThat(client.frames()).containsExactly("push * 1000");
        assertThat(clients.take()).isEmpty();
    }

    @Test
    void forOneThatWasDroppedBeforeItNobodyReads() {
        List<Client> all = there(3);
        ask("j1", 1_000, 0, BroadcastWish.REST, 0);
        ask("j1", 1_000, 0, BroadcastWish.DROP, 0);
        ask("j2", 2_000, 1_000, BroadcastWish.DROP, 0);

        send("j3", 3_000, 2_000, 0);

        assertThat(all).allSatisfy(client -> assertThat(client.frames()).containsExactly("push * 3000"));
        assertThat(clients.take()).isEmpty();
    }

    // ---- canary ----

    @Test
    void onlyTheCanaryHasItUntilItIsLarger() {
        List<Client> all = there(1_000);
        Message message = Sample.message(1_000);
        ask(order("j1", 1_000, 0, BroadcastWish.SEND, 100, 0, message));
        Canary canary = new Canary("demo", "j1", 100);
        long in = all.stream()
                .filter(client -> canary.has(client.session.endpoint().user()))
                .count();
        assertThat(in).isBetween(50L, 150L);
        assertThat(all)
                .allSatisfy(client -> assertThat(client.frames())
                        .hasSize(canary.has(client.session.endpoint().user()) ? 1 : 0));
        assertThat(counts("j1", 1_000)).isEqualTo(in + " " + in + " 0 0");

        ask(order("j1", 1_000, 0, BroadcastWish.SEND, 300, 0, message));
        int more = had(all);
        assertThat(more).isBetween(100, 300);
        ask(order("j1", 1_000, 0, BroadcastWish.SEND, 0, 0, message));
        assertThat(had(all)).isEqualTo(1_000 - (int) in - more);
        assertThat(counts("j1", 1_000)).isEqualTo("1000 1000 0 0");
    }

    @Test
    void aSmallerCanaryLeavesFewer() {
        there(1_000);
        Message message = Sample.message(1_000);
        ask(order("j1", 1_000, 0, BroadcastWish.REST, 0, 0, message));
        ask(order("j1", 1_000, 0, BroadcastWish.REST, 100, 0, message));

        int left = Integer.parseInt(counts("j1", 1_000).split(" ", -1)[3]);
        assertThat(left).isBetween(50, 150);
    }

    // ---- over, later, acks ----

    @Test
    void whatIsOverEverybodyHasAndWhoComesLaterReads() {
        List<Client> all = there(100);
        send("j1", 1_000, 0, 10);
        Client late = new Client("demo", "late").bound(0);
        int position = clients.count() - 1;

        ask("j1", 1_000, 0, BroadcastWish.OVER, 0);
        loop.run(Duration.ofMillis(20));
        assertThat(had(all)).isEqualTo(100);
        clients.take();
        clients.answer(position, new TopicLogs.Position(0, 0)); // from before it was over
        loop.run();
        assertThat(clients.take()).containsExactly("read * 0");
        clients.answer(page(1_000, 1_000));
        loop.run();
        assertThat(late.frames()).containsExactly("push * 1000");

        Client last = new Client("demo", "last").bound(0);
        clients.take();
        clients.answer(new TopicLogs.Position(0, 1_000));
        loop.run();
        assertThat(clients.take()).containsExactly("read * 0");
        clients.answer(page(1_000, 1_000));
        loop.run();
        assertThat(last.frames()).containsExactly("push * 1000");
        assertThat(counts("j1", 1_000)).isEqualTo("101 101 0 0");
    }

    @Test
    void aRoomThatHearsOnlyThatItIsOverHasAllReadIt() {
        Client client = there("u1");

        reach(1_000);

        assertThat(clients.take()).containsExactly("follows");
        clients.answer(new Followed(List.of(), 900));
        loop.run();
        clients.answer(new TopicLogs.Position(900, 1_000));
        loop.run();
        assertThat(clients.take()).containsExactly("position * from 900 after null last null", "read * 900");
        clients.answer(page(1_000, 1_000));
        loop.run();
        assertThat(client.frames()).containsExactly("push * 1000");
        assertThat(reach(1_000)).isEqualTo(new TopicReached(1, 1));
    }

    @Test
    void whoReadsItBecauseEverybodyMayIsNotLeft() {
        names.add("*");
        levelAt("u1", 500);
        ask("j1", 1_000, 500, BroadcastWish.REST, 0);

        reach(1_000);
        assertThat(clients.take()).containsExactly("read * 500");
        clients.answer(page(1_000, 1_000));
        loop.run();

        assertThat(counts("j1", 1_000)).isEqualTo("1 1 0 0");
    }

    @Test
    void aLaterJobFollowsAndAcksCountForBoth() {
        Client one = there("u1");
        Client other = there("u2");
        send("j1", 1_000, 0, 0);
        topics.ack(one.session, "*", 1_000);
        ask("j1", 1_000, 0, BroadcastWish.OVER, 0);
        send("j2", 2_000, 1_000, 0);
        assertThat(one.frames()).containsExactly("push * 1000", "push * 2000");
        topics.ack(other.session, "*", 2_000);
        loop.run(Duration.ofMillis(10));

        assertThat(counts("j1", 1_000)).isEqualTo("2 2 2 0");
        assertThat(counts("j2", 2_000)).isEqualTo("2 2 1 0");
        assertThat(clients.take()).containsExactly("pass * 1000", "pass * 2000");
    }

    @Test
    void theCountsOfThirtyTwoJobsAreKept() {
        Client one = there("u1");
        for (long job = 1; job <= 33; job++) {
            send("j" + job, job * 1_000, (job - 1) * 1_000, 0);
        }
        assertThat(one.frames()).hasSize(33);
        topics.ack(one.session, "*", 33_000);

        assertThat(counts("j1", 1_000)).as("forgotten").isEqualTo("0 0 0 0");
        for (long job = 2; job <= 33; job++) {
            assertThat(counts("j" + job, job * 1_000)).as("job %d", job).isEqualTo("1 1 1 0");
        }
    }

    @Test
    void aLaterRunWins() {
        List<Client> all = there(10);
        Message message = Sample.message(1_000);
        ask(new BroadcastOrder("demo", "*", "j1", 1_000, 0, message, BroadcastWish.REST, 0, 0, SHARE, 2, 1));

        Broadcasts.Answer answer =
                ask(new BroadcastOrder("demo", "*", "j1", 1_000, 0, message, BroadcastWish.SEND, 0, 0, SHARE, 1, 9));

        assertThat(answer.stale()).isTrue();
        assertThat(answer.counts().left()).isEqualTo(10);
        assertThat(had(all)).isZero();
    }

    // ---- what clients say ----

    @Test
    void aClientMayGoElsewhereInItButNotLeaveIt() {
        names.add("*");
        Client client = levelAt("u1", 1_000);
        List<String> done = new ArrayList<>();
        topics.unsubscribe(client.session, "*", () -> done.add("unsubscribe"));
        assertThat(client.frames()).containsExactly("error INVALID_ARGUMENT");
        topics.subscribe(client.session, new TopicWish("*", null, null), () -> done.add("subscribe"));
        assertThat(client.frames()).containsExactly("subscribed 1000");

        topics.subscribe(client.session, new TopicWish("*", null, 1), () -> done.add("last"));
        assertThat(clients.take()).containsExactly("position * from null after null last 1");
        clients.answer(new TopicLogs.Position(500, 1_000));
        loop.run();
        assertThat(client.frames()).containsExactly("subscribed 500");
        clients.answer(page(1_000, 1_000));
        loop.run();
        assertThat(client.frames()).containsExactly("push * 1000");
        assertThat(done).containsExactly("unsubscribe", "subscribe", "last");
        assertThat(topics.follows()).isEqualTo(1);
    }

    @Test
    void aClientMayNameOneInWhichNothingWasPublished() {
        Client client = there("u1");

        topics.subscribe(client.session, new TopicWish("*", null, null), () -> {});
        clients.answer(new TopicLogs.Position(0, 0));
        loop.run();

        assertThat(client.frames()).containsExactly("subscribed 0");
        assertThat(topics.follows()).isZero();
        assertThat(topics.table().all()).isEmpty();
    }

    @Test
    void aClientMayNameOneOfWhichTheRoomHasNotHeard() {
        Client client = there("u1");
        Client other = there("u2");
        clients.take();

        topics.subscribe(client.session, new TopicWish("*", 400L, null), () -> {});
        clients.answer(new TopicLogs.Position(400, 500));
        loop.run();

        assertThat(client.frames()).containsExactly("subscribed 400");
        assertThat(clients.take())
                .containsExactlyInAnyOrder("position * from null after 400 last null", "read * 400", "follows");
        assertThat(other.frames()).isEmpty();
        assertThat(topics.follows()).isEqualTo(2);
    }
}
