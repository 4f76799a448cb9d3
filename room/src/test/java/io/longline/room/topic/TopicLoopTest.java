package io.longline.room.topic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.room.RoomMetrics;
import io.longline.room.broadcast.BroadcastTopics;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.fake.Sample;
import io.longline.room.fake.TestLink;
import io.longline.room.fake.TestLoop;
import io.longline.room.fake.UnaskedInboxes;
import io.longline.room.session.Endpoint;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Session;
import io.longline.room.session.StoredMessage;
import io.longline.v1.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicLoopTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final TestLoop loop = new TestLoop();
    private final TestClients clients = new TestClients();
    private final RoomMetrics metrics = new RoomMetrics(new SimpleMeterRegistry());
    private final RoomLoop roomLoop = RoomLoop.on(loop, 1_000, new UnaskedInboxes(), loop::nowMs, metrics);
    private final BroadcastTopics broadcasts =
            new BroadcastTopics(_ -> CompletableFuture.completedFuture(List.of()), loop, () -> 0, 0);
    private final TopicLoop topics = TopicLoop.on(
            roomLoop,
            1,
            new TopicLoop.Asked(clients, clients, broadcasts),
            TestClients.BY_TOKEN_ALONE,
            loop::nowMs,
            metrics);
    private final TestLink link = new TestLink(loop);
    private final LinkSessions sessions = new LinkSessions(link, roomLoop.sessions());
    private final Session session = live(1);
    private int done;
    private int waited; // of what binds wished of topics

    private final UnderWay underWay = new UnderWay() {
        @Override
        public void begun() {
            waited++;
        }

        @Override
        public void ended() {
            waited--;
        }
    };

    private Session binding(int ref) {
        Session made = requireNonNull(sessions.add(ref, new Endpoint("demo", "u" + ref, "phone"), 64, Long.MAX_VALUE));
        made.allowTopics(List.of("n*"));
        return made;
    }

    private Session live(int ref) {
        Session made = binding(ref);
        made.live(7, 0, 0);
        return made;
    }

    private void bound(Session who, List<FollowedTopic> followed, List<TopicWish> wishes, UnderWay told) {
        topics.bound(who, new Followed(followed, 0), wishes, told);
    }

    private void subscribe(String topic) {
        topics.subscribe(session, new TopicWish(topic, null, null), () -> done++);
    }

    /** It follows the topic, is behind this offset and has read that there is nothing. */
    private void follows(Session who, String topic, long position) {
        follows(who, topic, position, true);
    }

    private void follows(Session who, String topic, long position, boolean byBackEnd) {
        bound(who, List.of(new FollowedTopic(topic, 0, byBackEnd)), List.of(), underWay);
        clients.answer(position);
        loop.run();
        clients.answer(page(position));
        loop.run();
        clients.take();
        link.takeFrames();
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

    private TopicReached reach(String topic, long offset, long before) {
        return reach(topic, new TopicHint(offset, before, before == 0 ? null : Sample.message(offset)));
    }

    private TopicReached reach(String topic, TopicHint hint) {
        CompletableFuture<TopicReached> reached =
                new Reach(List.of(topics), broadcasts, loop::nowMs, metrics).tell("demo", topic, hint);
        loop.run();
        return reached.join();
    }

    /** Their kinds, and offsets where they have one. */
    private List<String> frames() {
        return link.takeFrames().stream().map(TopicLoopTest::shown).toList();
    }

    private static String shown(ServerFrame frame) {
        return switch (frame.getKindCase()) {
            case PUSH ->
                "push " + frame.getPush().getTopic() + " " + frame.getPush().getOffset();
            case SUBSCRIBED ->
                "subscribed " + frame.getSubscribed().getTopic() + " "
                        + frame.getSubscribed().getOffset();
            case GAP -> "gap " + frame.getGap().getFirstOffset();
            case ERROR ->
                "error " + frame.getError().getTopic() + " " + frame.getError().getReason();
            default -> frame.getKindCase().name();
        };
    }

    // ---- following ----

    @Test
    void thePositionIsAskedForThenTheRegisterIsToldThenTheLogIsRead() {
        subscribe("news");
        assertThat(clients.take()).containsExactly("position news from null after null last null");
        clients.answer(100L);
        loop.run();
        assertThat(clients.take()).containsExactly("follow news 100 7");
        assertThat(frames()).isEmpty();
        assertThat(reach("news", 110, 100).followers()).isZero();
        clients.followed();
        loop.run();

        assertThat(frames()).containsExactly("subscribed news 100");
        assertThat(done).isEqualTo(1);
        assertThat(clients.take()).containsExactly("read news 100");
        clients.answer(page(110, 110));
        loop.run();
        assertThat(frames()).containsExactly("push news 110");
        assertThat(clients.take()).isEmpty();
    }

    @Test
    void whatASessionAsksForIsDoneInTurn() {
        subscribe("n1");
        topics.unsubscribe(session, "n1", () -> done++);
        topics.refollow(session);
        assertThat(clients.take()).containsExactly("position n1 from null after null last null");
        clients.answer(5L);
        loop.run();
        clients.followed();
        loop.run();
        assertThat(clients.take()).contains("follow n1 5 7", "unfollow n1 7").doesNotContain("follows");
        assertThat(topics.follows()).isZero();
        int unfollow = clients.count() - 1;
        clients.answer(unfollow, true);
        loop.run();

        assertThat(clients.take()).contains("follows");
        assertThat(done).isEqualTo(2);
    }

    @Test
    void whoeverWaitsHearsOfItAlsoWhenTheSessionEnds() {
        subscribe("n1");
        subscribe("n2");
        topics.unsubscribe(session, "n1", () -> done++);

        sessions.remove(session);
        clients.answer(5L);
        loop.run();

        assertThat(done).isEqualTo(3);
        assertThat(clients.take()).containsExactly("position n1 from null after null last null");
        assertThat(topics.follows()).isZero();
        assertThat(topics.table().find(session)).isNull();
    }

    @Test
    void aSessionThatFollowsNothingHasNothingHere() {
        subscribe("n1");
        assertThat(topics.table().find(session)).isNotNull();
        clients.fail(away());
        loop.run();
        assertThat(frames()).containsExactly("error n1 DEPENDENCY_DOWN");
        assertThat(topics.table().find(session)).isNull();

        topics.refollow(session);
        clients.answer(Followed.NOTHING);
        loop.run();
        assertThat(topics.table().find(session)).isNull();

        follows(session, "n1", 5);
        topics.unsubscribe(session, "n1", () -> done++);
        clients.answer(true);
        loop.run();
        assertThat(topics.table().find(session)).isNull();
        assertThat(topics.table().followers("demo", "n1")).isNull();
    }

    @Test
    void whereToBeginIsAskedForAsLongAsTheSessionLives() {
        bound(session, List.of(new FollowedTopic("n1", 3, false)), List.of(new TopicWish("n1", 9L, null)), underWay);
        clients.fail(away());
        loop.run(LONG);
        assertThat(clients.take())
                .containsExactly("position n1 from 3 after 9 last null", "position n1 from 3 after 9 last null");
        assertThat(reach("n1", 20, 10)).isEqualTo(new TopicReached(1, 0));
        clients.fail(away());
        sessions.remove(session);
        loop.run(LONG);

        assertThat(clients.take()).isEmpty();
    }

    @Test
    void aChangeIsAskedForUntilTheRegisterTellsAndOnlyOnceAtATime() {
        topics.refollow(session);
        clients.fail(away());
        loop.run();
        topics.refollow(session);
        loop.run(LONG);
        assertThat(clients.take()).containsExactly("follows", "follows");
        clients.answer(new Followed(List.of(new FollowedTopic("x", 3, true), new FollowedTopic("y", 3, false)), 0));
        loop.run();

        assertThat(clients.take())
                .as("y is not for this client")
                .containsExactly("position x from 3 after null last null");
        clients.answer(3L);
        loop.run(LONG);
        assertThat(frames()).containsExactly("subscribed x 3");
    }

    @Test
    void aChangeWhileItIsBeingBoundIsAskedForAfterwards() {
        Session other = binding(2);
        topics.refollow(other);
        assertThat(clients.take()).isEmpty();
        other.live(8, 0, 0);

        bound(other, List.of(), List.of(), underWay);

        assertThat(clients.take()).containsExactly("follows");
    }

    @Test
    void boundAnewItReadsAllAndAsksWhatItFollows() {
        follows(session, "n1", 5);
        session.rebinding();
        topics.refollow(session);
        assertThat(clients.take()).isEmpty();
        session.rebound(9);

        topics.rebound(session, Followed.NOTHING);
        loop.run();

        assertThat(clients.take()).containsExactlyInAnyOrder("read n1 5", "follows");
    }

    // ---- what a bind says ----

    @Test
    void whereToGoOnIsSaidOnlyOfWhatIsFollowed() {
        bound(
                session,
                List.of(new FollowedTopic("n1", 3, false)),
                List.of(
                        new TopicWish("n1", 9L, null, true),
                        new TopicWish("n2", 9L, null, true),
                        new TopicWish("n3", 9L, null)),
                underWay);

        assertThat(frames()).containsExactly("error n2 NOT_FOUND");
        assertThat(clients.take())
                .containsExactly("position n1 from 3 after 9 last null", "position n3 from null after 9 last null");
        assertThat(waited).as("n3, which is to be followed").isEqualTo(1);
    }

    @Test
    void whenItsTokenIsRenewedTheRegisterSaysWhatIsFollowed() {
        topics.renewed(
                session, List.of(new TopicWish("n1", 9L, null, true), new TopicWish("n2", null, null, true)), underWay);
        assertThat(waited).isEqualTo(2);
        assertThat(clients.take()).containsExactly("follows");
        clients.answer(new Followed(List.of(new FollowedTopic("n1", 3, false)), 0));
        loop.run();
        assertThat(clients.take()).containsExactly("position n1 from 3 after 9 last null");
        clients.answer(9L);
        loop.run();
        assertThat(frames()).containsExactly("subscribed n1 9");
        assertThat(clients.take()).containsExactly("follows", "read n1 9");
        clients.answer(clients.count() - 2, new Followed(List.of(new FollowedTopic("n1", 3, false)), 0));
        loop.run();

        assertThat(frames()).containsExactly("error n2 NOT_FOUND");
        assertThat(waited).isZero();
    }

    @Test
    void whatARenewalWishesIsUnderWayUntilItHasComeToSomething() {
        topics.renewed(
                session, List.of(new TopicWish("n1", null, null), new TopicWish("no topic", null, null)), underWay);
        assertThat(waited).as("what is no topic is refused at once").isEqualTo(1);
        clients.answer(5L);
        loop.run();
        clients.followed();
        loop.run();

        assertThat(waited).isZero();
        topics.renewed(session, List.of(new TopicWish("n2", null, null)), underWay);
        sessions.remove(session);
        clients.answer(5L);
        loop.run();
        assertThat(waited).isZero();
    }

    @Test
    void whoFollowsFromNowOnBeginsWhereABackEndHadItsUserFollowAMomentBefore() {
        subscribe("n1");
        clients.answer(9L);
        loop.run();
        clients.take();
        clients.answer(new Follows.Noted(false, true, 5));
        loop.run();

        assertThat(clients.take()).containsExactly("position n1 from 5 after null last null");
        clients.answer(6L); // what it has acknowledged by then
        loop.run();
        assertThat(frames()).containsExactly("subscribed n1 6");
        assertThat(clients.take()).containsExactly("read n1 6");
    }

    // ---- what may be ----

    @Test
    void whatNeitherTokenNorProductAllowsTheRegisterIsAskedFor() {
        subscribe("x1");
        clients.answer(5L);
        loop.run();
        assertThat(clients.take()).contains("follow x1 5 7 only by back end");
        clients.answer(new Follows.Noted(false, true, 5));
        loop.run();
        assertThat(frames()).containsExactly("subscribed x1 5");
        topics.renewed(session, List.of(), underWay);
        assertThat(topics.follows()).as("its token does not matter").isEqualTo(1);

        subscribe("x1");
        clients.fail(new LonglineException(ErrorCode.PERMISSION_DENIED, "no back end has its user follow x1"));
        loop.run();
        assertThat(frames()).containsExactly("error x1 PERMISSION_DENIED");
        assertThat(topics.follows()).isZero();
    }

    @Test
    void beforeARenewedTokenEndsAnythingTheRegisterIsAsked() {
        follows(session, "n1", 5, false);
        follows(session, "n2", 5, false);
        session.allowTopics(List.of());

        topics.renewed(session, List.of(), underWay);

        assertThat(topics.follows()).isEqualTo(2);
        assertThat(clients.take()).containsExactly("follows");
        clients.answer(new Followed(List.of(new FollowedTopic("n1", 3, true), new FollowedTopic("n2", 3, false)), 0));
        loop.run();
        assertThat(frames()).containsExactly("error n2 PERMISSION_DENIED");
        assertThat(topics.table().find(session, "n1")).isNotNull();
    }

    @Test
    void whatTheRegisterCouldNotBeToldIsNotFollowedIsNotTakenUpAgainInTheSession() {
        follows(session, "n1", 5);
        topics.unsubscribe(session, "n1", () -> done++);
        clients.fail(away());
        loop.run();
        assertThat(frames()).containsExactly("error n1 DEPENDENCY_DOWN");
        clients.take();

        topics.refollow(session);
        clients.answer(new Followed(List.of(new FollowedTopic("n1", 3, true), new FollowedTopic("n2", 3, true)), 0));
        loop.run();
        assertThat(clients.take()).containsExactly("follows", "position n2 from 3 after null last null");

        subscribe("n1");
        assertThat(clients.take()).containsExactly("position n1 from null after null last null");
        clients.fail(away());
        loop.run();
        topics.refollow(session);
        clients.answer(new Followed(List.of(new FollowedTopic("n1", 3, true)), 0));
        loop.run();
        assertThat(clients.take()).as("its client wants it again").contains("position n1 from 3 after null last null");
    }

    @Test
    void moreThanAThousandOfTheLastAreRefused() {
        topics.subscribe(session, new TopicWish("n1", null, 1_000), () -> done++);
        topics.subscribe(session, new TopicWish("n2", null, 1_001), () -> done++);

        assertThat(clients.take()).containsExactly("position n1 from null after null last 1000");
        assertThat(link.takeFrames())
                .singleElement()
                .satisfies(frame -> assertThat(frame.getError().getMessage()).contains("last: expected at most 1000"));
        assertThat(done).isEqualTo(1);
    }

    @Test
    void aSubscribeThatNamesNoPlaceDoesNotGoBackBehindOneThatWasFoundMeanwhile() {
        bound(session, List.of(new FollowedTopic("n1", 3, false)), List.of(), underWay);
        int first = clients.count() - 1;
        subscribe("n1");
        int second = clients.count() - 1;
        clients.answer(first, 5L);
        loop.run();
        clients.answer(clients.count() - 1, page(9, 7, 9));
        loop.run();
        assertThat(frames()).containsExactly("subscribed n1 5", "push n1 7", "push n1 9");
        clients.answer(second, 5L);
        loop.run();
        clients.followed();
        loop.run();

        assertThat(frames()).containsExactly("subscribed n1 9");
    }

    // ---- how much is read ----

    @Test
    void aSessionReadsOneLogAtATimeItsTopicsInTurn() {
        List<String> names = List.of("n1", "n2", "n3");
        bound(
                session,
                names.stream().map(name -> new FollowedTopic(name, 0, true)).toList(),
                List.of(),
                underWay);
        for (int call = 0; call < 3; call++) {
            clients.answer(call, 5L);
        }
        clients.take();
        loop.run();

        assertThat(clients.take()).containsExactly("read n1 5");
        topics.writable(session);
        loop.run();
        assertThat(clients.take()).isEmpty();
        List<String> reads = new ArrayList<>();
        for (int page = 1; page <= 6; page++) {
            long upto = 5 + page * 10L;
            clients.answer(new TopicPage(List.of(new StoredMessage(upto, Sample.message(upto))), true, upto, 0));
            loop.run();
            List<String> next = clients.take();
            assertThat(next).hasSize(1);
            reads.addAll(next);
        }
        assertThat(reads)
                .extracting(read -> read.substring(0, 7))
                .containsExactly("read n2", "read n3", "read n1", "read n2", "read n3", "read n1");
    }

    @Test
    void aReadThatFailsDoesNotHoldUpTheOtherTopicsOfItsSession() {
        follows(session, "n1", 5);
        follows(session, "n2", 5);
        reach("n1", 9, 0);
        reach("n2", 9, 0);
        assertThat(clients.take()).containsExactly("read n1 5");
        clients.fail(away());
        loop.run();
        assertThat(clients.take()).containsExactly("read n2 5");
        int second = clients.count() - 1;
        loop.run(LONG);
        assertThat(clients.take()).as("n1 has its turn afterwards").isEmpty();
        clients.answer(second, page(9, 9));
        loop.run();

        assertThat(frames()).containsExactly("push n2 9");
        assertThat(clients.take()).containsExactly("read n1 5");
        clients.answer(page(9, 9));
        loop.run();
        assertThat(frames()).containsExactly("push n1 9");
        assertThat(topics.reads()).isZero();
    }

    @Test
    void aLinkThatTakesThingsAgainWhileALogIsReadIsNotForgotten() {
        follows(session, "n1", 5);
        follows(session, "n2", 5);
        reach("n1", 9, 0);
        int first = clients.count() - 1;
        link.writable(false);
        reach("n2", 9, 0);
        link.writable(true);
        topics.writable(session);
        assertThat(clients.take()).containsExactly("read n1 5");
        clients.answer(first, page(9, 9));
        loop.run();

        assertThat(clients.take()).containsExactly("read n2 5");
    }

    @Test
    void aTopicThatIsFollowedNoLongerLetsTheOthersReadWhenItsReadIsOver() {
        follows(session, "n1", 5);
        follows(session, "n2", 5);
        reach("n1", 9, 0);
        reach("n2", 9, 0);
        int first = clients.count() - 1;
        topics.unsubscribe(session, "n1", () -> done++);
        clients.answer(true);
        loop.run();
        clients.take();
        clients.answer(first, page(9, 9));
        loop.run();

        assertThat(clients.take()).containsExactly("read n2 5");
        clients.answer(page(9, 9));
        loop.run();
        assertThat(frames()).containsExactly("push n2 9");
        assertThat(topics.reads()).isZero();
    }

    @Test
    void aLoopReadsSoManyLogsAtATime() {
        int most = TopicReader.MOST_AT_ONCE;
        for (int ref = 2; ref < most + 12; ref++) {
            bound(live(ref), List.of(new FollowedTopic("n" + ref, 0, true)), List.of(), underWay);
            clients.answer(5L);
        }
        clients.take();
        int first = clients.count();
        loop.run();
        assertThat(clients.take()).hasSize(most);
        assertThat(topics.reads()).isEqualTo(most + 10);

        clients.answer(first, page(5));
        clients.answer(first + 1, page(5));
        loop.run();
        assertThat(clients.take()).hasSize(2);
        clients.fail(away());
        loop.run();
        assertThat(clients.take()).as("who waits to try again takes no place").hasSize(1);
    }

    @Test
    void allThatIsFollowedIsReadOnceMoreWhenItIsSaid() {
        follows(session, "n1", 5);
        follows(live(2), "n2", 6);

        topics.reread();
        loop.run();

        assertThat(clients.take()).containsExactlyInAnyOrder("read n1 5", "read n2 6");
    }

    // ---- order ----

    @Test
    void whatKeepsTheOrderIsWrittenAndAllElseIsRead() {
        follows(session, "n1", 5);

        assertThat(reach("n1", 10, 5)).isEqualTo(new TopicReached(1, 1));
        assertThat(reach("n1", 10, 5)).as("again").isEqualTo(new TopicReached(1, 1));
        assertThat(reach("n1", 30, 20)).as("20 is missing").isEqualTo(new TopicReached(1, 0));
        assertThat(reach("n1", 40, 10)).as("while that is read").isEqualTo(new TopicReached(1, 0));
        assertThat(clients.take()).containsExactly("read n1 10");
        clients.answer(page(30, 20, 30));
        loop.run();

        assertThat(frames()).containsExactly("push n1 10", "push n1 20", "push n1 30");
        assertThat(clients.take()).as("40 was told of after it began").containsExactly("read n1 30");
        clients.answer(page(40, 40));
        loop.run();
        assertThat(frames()).containsExactly("push n1 40");
        assertThat(clients.take()).isEmpty();
    }

    @Test
    void whatAReadDoesNotBringThoughItWasToldOfBeforeIsGone() {
        follows(session, "n1", 5);
        reach("n1", 30, 0);
        clients.answer(page(5));
        loop.run(LONG);

        assertThat(clients.take()).containsExactly("read n1 5");
        assertThat(reach("n1", 40, 5)).isEqualTo(new TopicReached(1, 1));
    }

    @Test
    void thoseWhoAreEquallyFarShareARead() {
        for (int ref = 2; ref < 40; ref++) {
            follows(live(ref), "n1", 5);
        }
        bound(live(50), List.of(new FollowedTopic("n1", 0, true)), List.of(), underWay);
        clients.answer(3L);
        loop.run();
        clients.take();

        reach("n1", 9, 0);

        assertThat(clients.take()).containsExactly("read n1 5");
        clients.answer(page(9, 9));
        loop.run();
        assertThat(frames()).filteredOn("push n1 9"::equals).hasSize(38);
        assertThat(topics.reads()).as("the one behind 3").isEqualTo(1);
    }

    @Test
    void whoComesWhileTheLogIsReadWaitsForTheNextRead() {
        follows(session, "n1", 5);
        reach("n1", 9, 0);
        Session other = live(2);
        int first = clients.count() - 1;
        bound(other, List.of(new FollowedTopic("n1", 5, true)), List.of(), underWay);
        clients.answer(5L);
        loop.run();
        clients.take();

        clients.answer(first, page(9, 9));
        loop.run();

        assertThat(frames()).containsExactly("subscribed n1 5", "push n1 9");
        assertThat(clients.take()).containsExactly("read n1 5");
        clients.answer(page(12, 9, 12));
        loop.run();
        assertThat(frames()).containsExactly("push n1 9", "push n1 12");
    }

    @Test
    void aSlowLinkIsWrittenToWhenItTakesThings() {
        follows(session, "n1", 5);
        reach("n1", 30, 0);
        link.onWrite(frame -> link.writable(link.frames().size() < 2));
        clients.answer(page(30, 10, 20, 30));
        loop.run(LONG);
        assertThat(frames()).containsExactly("push n1 10", "push n1 20");
        assertThat(reach("n1", 40, 30)).isEqualTo(new TopicReached(1, 0));
        clients.take();
        link.onWrite(frame -> {});
        link.writable(true);

        topics.writable(session);
        loop.run();

        assertThat(clients.take()).containsExactly("read n1 20");
        clients.answer(page(40, 30, 40));
        loop.run();
        assertThat(frames()).containsExactly("push n1 30", "push n1 40");
    }

    @Test
    void aGapIsToldOnceAndBeforeWhatIsBehindIt() {
        follows(session, "n1", 5);
        reach("n1", 30, 0);
        link.writable(false);
        clients.answer(new TopicPage(List.of(new StoredMessage(30, Sample.message(30))), false, 30, 30));
        loop.run();
        assertThat(frames()).isEmpty();
        clients.take();
        link.writable(true);
        topics.writable(session);
        loop.run();
        clients.answer(new TopicPage(List.of(new StoredMessage(30, Sample.message(30))), false, 30, 30));
        loop.run();

        assertThat(frames()).containsExactly("gap 30", "push n1 30");
    }

    @Test
    void aReadOfAPlaceThatIsNotWantedAnyMoreIsThrownAway() {
        follows(session, "n1", 5);
        reach("n1", 9, 0);
        int read = clients.count() - 1;
        topics.subscribe(session, new TopicWish("n1", 2L, null), () -> done++);
        clients.answer(2L);
        loop.run();
        clients.followed();
        loop.run();
        clients.answer(read, page(9, 9));
        loop.run();

        assertThat(frames()).containsExactly("subscribed n1 2");
        clients.answer(page(9, 4, 9));
        loop.run();
        assertThat(frames()).containsExactly("push n1 4", "push n1 9");
    }

    @Test
    void whoLeavesDuringAWalkTakesNobodyOfItsWith() {
        List<Session> all = new ArrayList<>();
        for (int ref = 2; ref < 902; ref++) {
            Session one = live(ref);
            all.add(one);
            bound(one, List.of(new FollowedTopic("n1", 0, true)), List.of(), underWay);
            clients.answer(5L);
        }
        loop.run();
        clients.answer(page(5));
        loop.run();
        clients.take();
        link.takeFrames();

        CompletableFuture<TopicReached> reached = new Reach(List.of(topics), broadcasts, loop::nowMs, metrics)
                .tell("demo", "n1", new TopicHint(9, 5, Sample.message(9)));
        loop.execute(() -> all.subList(300, 600).forEach(sessions::remove)); // between two pieces
        loop.run();

        assertThat(reached.join().followers()).isBetween(600L, 900L);
        List<Integer> refs = link.takeFrames().stream()
                .map(frame -> frame.getPush().getRef())
                .toList();
        assertThat(refs).doesNotHaveDuplicates();
        for (Session one : all) {
            assertThat(one.isEnded() || refs.contains(one.ref())).isTrue();
        }
    }

    // ---- acks ----

    @Test
    void onlyTheNewestAckIsForwardedAndNoneTwice() {
        follows(session, "n1", 5);
        reach("n1", 10, 5);
        reach("n1", 20, 10);
        topics.ack(session, "n1", 10);
        topics.ack(session, "n1", 1_000);
        topics.ack(session, "n1", 3);
        loop.run(LONG);
        assertThat(clients.take()).containsExactly("pass n1 20");
        clients.done();
        loop.run(LONG);
        topics.ack(session, "n1", 20);
        loop.run(LONG);

        assertThat(clients.take()).isEmpty();
        assertThat(topics.acks()).isZero();
    }

    @Test
    void whereManyAcknowledgeSaverIsToldLessOften() {
        List<Session> many = IntStream.range(2, 42).mapToObj(this::live).toList();
        many.forEach(one -> follows(one, "n1", 5));
        reach("n1", 10, 5);
        reach("n1", 20, 10);
        many.forEach(one -> topics.ack(one, "n1", 10));
        loop.run(Duration.ofMillis(5));
        assertThat(clients.take()).hasSize(40);
        many.forEach(one -> topics.ack(one, "n1", 20));
        clients.allDone();
        loop.run(Duration.ofMillis(49));
        assertThat(clients.take()).isEmpty();

        loop.run(Duration.ofMillis(1));
        assertThat(clients.take()).hasSize(40).allMatch("pass n1 20"::equals);
        assertThat(topics.acks()).isEqualTo(40);
        clients.allDone();
        loop.run();
        assertThat(topics.acks()).isZero();
    }

    @Test
    void anAckIsTriedAgainAlsoWhenTheSessionHasEndedAndGivenUpInTheEnd() {
        follows(session, "n1", 5);
        reach("n1", 10, 5);
        topics.ack(session, "n1", 10);
        sessions.remove(session);
        for (int i = 0; i < 8; i++) {
            loop.run(LONG);
            assertThat(topics.acks()).isEqualTo(1);
            clients.fail(away());
        }
        loop.run(LONG);

        assertThat(topics.acks()).isZero();
        assertThat(clients.take()).hasSize(8).allMatch("pass n1 10"::equals);
    }

    private static LonglineException away() {
        return new LonglineException(ErrorCode.DEPENDENCY_DOWN, "away");
    }
}
