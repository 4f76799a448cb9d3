package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.room.transport.LinkKind;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.ReachReply;
import io.longline.rpc.v1.ReachRequest;
import io.longline.rpc.v1.Route;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Ack;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.Error;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Subscribe;
import io.longline.v1.TopicPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients follow topics: of their own accord, and because a back end has them. Each test has topics and users of its own. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class TopicIT {
    private static final Duration QUIET = Duration.ofMillis(150);

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it to open
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    private static RoomWorld world;

    private final List<NativeClient> clients = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    static void open(LinkKind kind) {
        world = new RoomWorld(ZOOKEEPER.store(), kind, Map.of());
    }

    @AfterParameterizedClassInvocation
    static void close() {
        world.close();
    }

    @AfterEach
    void leave() throws Exception {
        world.topics.fails(null);
        world.register.failsFollows(null);
        for (NativeClient client : clients) {
            client.close();
        }
    }

    private NativeClient bound(Bind bind) throws Exception {
        NativeClient client = world.connect();
        clients.add(client);
        client.hello(bind).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        return client;
    }

    private NativeClient bound(String user) throws Exception {
        return bound(world.bind(1, user));
    }

    /** Follows the topic from now on. */
    private NativeClient following(String user, String topic) throws Exception {
        NativeClient client = bound(user);
        client.subscribe(1, topic);
        subscribed(client, topic);
        return client;
    }

    private static long subscribed(NativeClient client, String topic) throws InterruptedException {
        var subscribed = client.expect(KindCase.SUBSCRIBED).getSubscribed();
        assertThat(subscribed.getTopic()).isEqualTo(topic);
        assertThat(subscribed.getRef()).isEqualTo(1);
        return subscribed.getOffset();
    }

    private static Push push(NativeClient client) throws InterruptedException {
        return client.expect(KindCase.PUSH).getPush();
    }

    private static Error error(NativeClient client) throws InterruptedException {
        return client.expect(KindCase.ERROR).getError();
    }

    private static List<MapTopics.Published> published(String topic, int count) {
        List<MapTopics.Published> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(world.topics.publish("demo", topic, world.message()));
        }
        return all;
    }

    /** These come next, in this order, and nothing between. */
    private static void expect(NativeClient client, String topic, List<MapTopics.Published> messages) throws Exception {
        for (MapTopics.Published one : messages) {
            Push push = push(client);
            assertThat(push.getTopic()).isEqualTo(topic);
            assertThat(push.getOffset()).isEqualTo(one.offset());
            assertThat(push.getMessageId()).isEqualTo(one.message().getMessageId());
            assertThat(push.getText()).isEqualTo("text");
            assertThat(push.hasSeq()).isFalse();
            assertThat(push.getQos()).isEqualTo(1);
        }
    }

    private static Route route(String user) {
        return requireNonNull(world.register.route(RoomWorld.endpoint(user)));
    }

    private static long followers(String topic) {
        return world.reach(ReachRequest.newBuilder().setTopic(topic)).getFollowers();
    }

    // ---- follow and deliver ----

    @Test
    void whoFollowsFromNowOnIsSentWhatIsPublishedAsItComes() throws Exception {
        published("open-t1", 3);
        NativeClient client = bound("t1");

        client.subscribe(1, "open-t1");

        assertThat(subscribed(client, "open-t1")).isEqualTo(world.topics.last("demo", "open-t1"));
        assertThat(world.register.topics(RoomWorld.endpoint("t1"))).containsOnlyKeys("open-t1");
        await().until(() -> world.topics.reads() > 0); // of the one read that each new follower makes
        List<MapTopics.Published> news = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            MapTopics.Published one = world.topics.publish("demo", "open-t1", world.message());
            news.add(one);
            assertThat(world.reach("open-t1", one).getFollowers()).isEqualTo(1);
        }
        expect(client, "open-t1", news);
        await().untilAsserted(
                        () -> assertThat(world.publish("open-t1").getWritten()).isEqualTo(1));
    }

    @Test
    void whoNamesAnOffsetReadsWhatIsBehindItInOrderPageByPage() throws Exception {
        List<MapTopics.Published> log = published("open-t2", 200);
        NativeClient client = bound("t2");

        client.subscribe(Subscribe.newBuilder()
                .setRef(1)
                .setTopic("open-t2")
                .setAfter(log.getFirst().offset()));

        assertThat(subscribed(client, "open-t2")).isEqualTo(log.getFirst().offset());
        expect(client, "open-t2", log.subList(1, 200));
    }

    @Test
    void whoWantsTheLastOnesGetsThoseAlone() throws Exception {
        List<MapTopics.Published> log = published("open-t3", 10);
        NativeClient client = bound("t3");

        client.subscribe(Subscribe.newBuilder().setRef(1).setTopic("open-t3").setLast(3));

        assertThat(subscribed(client, "open-t3")).isEqualTo(log.get(6).offset());
        expect(client, "open-t3", log.subList(7, 10));
        client.expectNothing(QUIET);
    }

    @Test
    void whatOvertakesAnotherWaitsForIt() throws Exception {
        NativeClient client = following("t4", "open-t4");
        List<MapTopics.Published> two = published("open-t4", 2);

        world.reach("open-t4", two.get(1));

        expect(client, "open-t4", two);
        assertThat(world.reach("open-t4", two.get(0)).getWritten()).isEqualTo(1);
        client.expectNothing(QUIET);
    }

    @Test
    void aWordWithoutItsMessageHasAllReadTogether() throws Exception {
        for (int i = 0; i < 30; i++) {
            following("t5-" + i, "open-t5");
        }
        await().until(() -> world.metric("longline_room_topic_reads_depth") == 0); // each has read for the first time
        List<MapTopics.Published> two = published("open-t5", 2);
        int reads = world.topics.reads();

        ReachReply reply = world.reach(ReachRequest.newBuilder()
                .setTopic("open-t5")
                .setOffset(two.getLast().offset()));

        assertThat(reply.getFollowers()).isEqualTo(30);
        assertThat(reply.getWritten()).isZero();
        for (NativeClient client : clients) {
            expect(client, "open-t5", two);
        }
        assertThat(world.topics.reads() - reads).isEqualTo(2); // one a loop
    }

    @Test
    void whatIsPublishedWhileItReadsIsNotMissed() throws Exception {
        NativeClient client = bound("t6");
        List<MapTopics.Published> log = published("open-t6", 2);
        CountDownLatch held = world.topics.hold();
        int reads = world.topics.reads();
        client.subscribe(Subscribe.newBuilder().setRef(1).setTopic("open-t6").setAfter(0));
        subscribed(client, "open-t6");
        await().until(() -> world.topics.reads() > reads);

        MapTopics.Published third = world.topics.publish("demo", "open-t6", world.message());
        assertThat(world.reach("open-t6", third).getWritten()).isZero();
        held.countDown();

        expect(client, "open-t6", List.of(log.get(0), log.get(1), third));
        client.expectNothing(QUIET);
    }

    @Test
    void whatHasExpiredIsPassedOver() throws Exception {
        NativeClient client = following("t7", "open-t7");
        MapTopics.Published late = world.topics.publish(
                "demo",
                "open-t7",
                world.message().toBuilder().setSentAtMs(1).setExpiresAtMs(2).build());
        MapTopics.Published next = world.topics.publish("demo", "open-t7", world.message());

        world.reach("open-t7", late);
        world.reach("open-t7", next);

        expect(client, "open-t7", List.of(next));
    }

    @Test
    void aReadThatFailsIsTriedAgain() throws Exception {
        NativeClient client = following("t8", "open-t8");
        await().until(() -> world.publish("open-t8").getWritten() == 1);
        client.skipAll(QUIET);
        world.topics.fails(LonglineException.dependencyDown("redis", "away", null));
        MapTopics.Published one = world.topics.publish("demo", "open-t8", world.message());
        int reads = world.topics.reads();
        world.reach(ReachRequest.newBuilder().setTopic("open-t8").setOffset(one.offset()));
        await().until(() -> world.topics.reads() > reads + 1);

        world.topics.fails(null);

        expect(client, "open-t8", List.of(one));
    }

    @Test
    void whereTheLogNoLongerReachesBackTheClientIsTold() throws Exception {
        List<MapTopics.Published> log = published("open-t9", 10);
        world.topics.trim("demo", "open-t9", log.get(5).offset());
        NativeClient client = bound("t9");

        client.subscribe(Subscribe.newBuilder()
                .setRef(1)
                .setTopic("open-t9")
                .setAfter(log.get(1).offset()));

        assertThat(subscribed(client, "open-t9")).isEqualTo(log.get(1).offset());
        var gap = client.expect(KindCase.GAP).getGap();
        assertThat(gap.getRef()).isEqualTo(1);
        assertThat(gap.getTopic()).isEqualTo("open-t9");
        assertThat(gap.getFirstOffset()).isEqualTo(log.get(6).offset());
        expect(client, "open-t9", log.subList(6, 10));
    }

    @Test
    void aClientThatReadsSlowlyGetsAllOfItInOrder() throws Exception {
        List<MapTopics.Published> log = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            log.add(world.topics.publish(
                    "demo",
                    "open-t10",
                    world.message().toBuilder().setText("x".repeat(4096)).build()));
        }
        try (NativeClient slow = NativeClient.connectLazily(world.linkPort())) {
            slow.hello(world.bind(1, "t10"));
            slow.subscribe(Subscribe.newBuilder().setRef(1).setTopic("open-t10").setAfter(0));
            await().until(() -> followers("open-t10") == 1);
            slow.expectNothing(QUIET);

            slow.read();

            slow.welcomed();
            slow.expect(KindCase.CAUGHT_UP);
            subscribed(slow, "open-t10");
            for (MapTopics.Published one : log) {
                assertThat(push(slow).getOffset()).isEqualTo(one.offset());
            }
        }
    }

    @Test
    void sessionsOfOneLinkFollowEachItsOwn() throws Exception {
        NativeClient client = bound("t11");
        client.bind(world.bind(2, "t11-b"));
        client.expect(KindCase.BOUND);
        client.expect(KindCase.CAUGHT_UP);
        client.subscribe(1, "open-t11").subscribe(2, "open-t11-b");
        client.expect(KindCase.SUBSCRIBED);
        client.expect(KindCase.SUBSCRIBED);

        world.publish("open-t11-b");

        Push push = push(client);
        assertThat(push.getRef()).isEqualTo(2);
        assertThat(push.getTopic()).isEqualTo("open-t11-b");
        client.expectNothing(QUIET);
    }

    // ---- acks and positions ----

    @Test
    void acksAreForwardedClampedToWhatWasSent() throws Exception {
        NativeClient client = following("t12", "open-t12");
        Endpoint endpoint = RoomWorld.endpoint("t12");
        long first = published("open-t12", 1).getFirst().offset();
        world.reach(ReachRequest.newBuilder().setTopic("open-t12").setOffset(first));
        push(client);

        client.ack(1, "open-t12", first + 1_000_000);

        await().until(() -> world.topics.passed(endpoint, "open-t12") == first);
        client.ack(1, "nobodys", 5).ack(7, "open-t12", 5); // no mistakes: they may cross an end
        client.send(ClientFrame.newBuilder()
                .setAck(Ack.newBuilder().setRef(1).setTopic("open-t12"))
                .build());
        assertThat(error(client)).satisfies(error -> {
            assertThat(error.getRef()).isEqualTo(1);
            assertThat(error.getTopic()).isEqualTo("open-t12");
            assertThat(error.getMessage()).contains("expected seq, or topic and offset");
        });
    }

    @Test
    void acksAreForwardedWhenTheSaverIsBack() throws Exception {
        NativeClient client = following("t13", "open-t13");
        world.publish("open-t13");
        long offset = push(client).getOffset();
        world.topics.fails(LonglineException.dependencyDown("redis", "away", null));
        client.ack(1, "open-t13", offset);
        client.close();

        world.topics.fails(null);

        await().until(() -> world.topics.passed(RoomWorld.endpoint("t13"), "open-t13") == offset);
    }

    @Test
    void whoComesBackGoesOnBehindWhatItAcknowledged() throws Exception {
        NativeClient client = following("t14", "open-t14");
        List<MapTopics.Published> log = published("open-t14", 3);
        world.reach("open-t14", log.getLast());
        expect(client, "open-t14", log);
        client.ack(1, "open-t14", log.getFirst().offset());
        await().until(() -> world.topics.passed(RoomWorld.endpoint("t14"), "open-t14") > 0);
        client.close();
        log.addAll(published("open-t14", 1));

        NativeClient again = bound("t14");

        assertThat(subscribed(again, "open-t14")).isEqualTo(log.getFirst().offset());
        expect(again, "open-t14", log.subList(1, 4));
    }

    @Test
    void aBindNamesWhereToGoOn() throws Exception {
        following("t15", "open-t15").close();
        List<MapTopics.Published> log = published("open-t15", 4);
        published("open-t15-new", 2);
        Bind bind = world.bind(1, "t15").toBuilder()
                .addTopics(TopicPosition.newBuilder()
                        .setTopic("open-t15")
                        .setAfter(log.get(1).offset()))
                .addTopics(TopicPosition.newBuilder().setTopic("open-t15-new"))
                .build();

        NativeClient client = bound(bind);

        List<ServerFrame> frames = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            frames.add(client.next());
        }
        assertThat(frames.stream()
                        .filter(ServerFrame::hasSubscribed)
                        .map(frame -> frame.getSubscribed().getTopic() + " "
                                + frame.getSubscribed().getOffset()))
                .containsExactlyInAnyOrder(
                        "open-t15 " + log.get(1).offset(), "open-t15-new " + world.topics.last("demo", "open-t15-new"));
        assertThat(frames.stream()
                        .filter(ServerFrame::hasPush)
                        .map(frame -> frame.getPush().getOffset()))
                .containsExactly(log.get(2).offset(), log.get(3).offset());
        assertThat(world.register.topics(RoomWorld.endpoint("t15"))).containsOnlyKeys("open-t15", "open-t15-new");
    }

    @Test
    void aBindThatOnlyGoesOnDoesNotFollowAnew() throws Exception {
        NativeClient before = following("t32", "open-t32");
        before.subscribe(1, "open-t32-ended");
        subscribed(before, "open-t32-ended");
        before.close();
        List<MapTopics.Published> log = published("open-t32", 2);
        world.register.unfollowElsewhere(RoomWorld.endpoint("t32"), "open-t32-ended");
        Bind bind = world.bind(1, "t32").toBuilder()
                .addTopics(TopicPosition.newBuilder()
                        .setTopic("open-t32")
                        .setAfter(log.getFirst().offset())
                        .setResume(true))
                .addTopics(TopicPosition.newBuilder()
                        .setTopic("open-t32-ended")
                        .setAfter(0)
                        .setResume(true))
                .build();

        NativeClient client = bound(bind);

        Error error = error(client);
        assertThat(error.getReason()).isEqualTo("NOT_FOUND");
        assertThat(error.getTopic()).isEqualTo("open-t32-ended");
        assertThat(error.hasRetryAfterMs()).isFalse();
        assertThat(subscribed(client, "open-t32")).isEqualTo(log.getFirst().offset());
        expect(client, "open-t32", log.subList(1, 2));
        assertThat(world.register.topics(RoomWorld.endpoint("t32"))).containsOnlyKeys("open-t32");
        assertThat(followers("open-t32-ended")).isZero();
    }

    @Test
    void aBindThatNamesTooManyTopicsIsToldWhichAreLeftOut() throws Exception {
        Bind.Builder bind = world.bind(1, "t16").toBuilder();
        for (int i = 0; i < 201; i++) {
            bind.addTopics(TopicPosition.newBuilder().setTopic("open-t16-" + i));
        }

        NativeClient client = bound(bind.build());

        List<ServerFrame> frames = new ArrayList<>();
        for (int i = 0; i < 201; i++) {
            frames.add(client.next());
        }
        assertThat(frames.stream().filter(ServerFrame::hasError).map(ServerFrame::getError))
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.getTopic()).isEqualTo("open-t16-200");
                    assertThat(error.getMessage()).contains("names 201 topics, expected at most 200");
                });
        assertThat(followers("open-t16-199")).isEqualTo(1);
        assertThat(followers("open-t16-200")).isZero();
    }

    @Test
    void whoseRenewalWishesForMuchIsNotReadFromMeanwhile() throws Exception {
        NativeClient client = bound("t34");
        CountDownLatch stalled = world.register.stall();
        Bind.Builder bind = world.bind(1, "t34").toBuilder();
        for (int i = 0; i < 20; i++) {
            bind.addTopics(TopicPosition.newBuilder().setTopic("open-t34-" + i));
        }
        try {
            client.bind(bind.build());
            assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
            client.ping();
            client.expectNothing(QUIET);
        } finally {
            stalled.countDown();
        }

        List<KindCase> kinds = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            kinds.add(client.next().getKindCase());
        }
        assertThat(kinds).filteredOn(KindCase.SUBSCRIBED::equals).hasSize(20);
        assertThat(kinds).contains(KindCase.PONG);
    }

    @Test
    void whoFollowsAlreadyGoesOnOrBackAsItWishes() throws Exception {
        NativeClient client = following("t17", "open-t17");
        List<MapTopics.Published> log = published("open-t17", 2);
        world.reach("open-t17", log.getLast());
        expect(client, "open-t17", log);

        client.subscribe(1, "open-t17");
        assertThat(subscribed(client, "open-t17")).isEqualTo(log.getLast().offset());
        client.subscribe(Subscribe.newBuilder().setRef(1).setTopic("open-t17").setLast(1));
        assertThat(subscribed(client, "open-t17")).isEqualTo(log.getFirst().offset());

        expect(client, "open-t17", log.subList(1, 2));
        assertThat(followers("open-t17")).isEqualTo(1);
    }

    // ---- what may not be ----

    @Test
    void aClientFollowsOnlyWhatItsTokenOrItsProductAllows() throws Exception {
        NativeClient client = bound(world.following(1, "t18", "sport-*", "news"));

        client.subscribe(1, "news").subscribe(1, "sport-tennis");
        subscribed(client, "news");
        subscribed(client, "sport-tennis");
        client.subscribe(1, "newsletter");

        Error error = error(client);
        assertThat(error.getReason()).isEqualTo("PERMISSION_DENIED");
        assertThat(error.getRef()).isEqualTo(1);
        assertThat(error.getTopic()).isEqualTo("newsletter");
        assertThat(error.hasRetryAfterMs()).isFalse();
        assertThat(world.register.topics(RoomWorld.endpoint("t18"))).containsOnlyKeys("news", "sport-tennis");
        assertThat(followers("newsletter")).isZero();
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        NativeClient client = bound("t19");

        client.subscribe(1, "open t19");
        assertThat(error(client).getMessage()).contains("topic: has U+0020 at position 4");
        client.unsubscribe(1, "");
        assertThat(error(client).getMessage()).contains("topic: has 0 characters");
        client.subscribe(Subscribe.newBuilder()
                .setRef(1)
                .setTopic("open-t19")
                .setAfter(1)
                .setLast(1));
        assertThat(error(client).getMessage()).contains("expected after or last, not both");
        client.subscribe(Subscribe.newBuilder().setRef(1).setTopic("open-t19").setLast(1_001));
        assertThat(error(client)).satisfies(error -> {
            assertThat(error.getReason()).isEqualTo("INVALID_ARGUMENT");
            assertThat(error.getMessage()).contains("last: expected at most 1000");
        });
        client.subscribe(9, "open-t19");
        assertThat(error(client)).satisfies(error -> {
            assertThat(error.getRef()).isEqualTo(9);
            assertThat(error.getMessage()).contains("ref 9 is not bound");
        });
        client.ping().expect(KindCase.PONG);
    }

    @Test
    void aTokenThatAllowsLessEndsWhatItNoLongerAllows() throws Exception {
        NativeClient client = bound(world.following(1, "t20", "a-*", "b-*"));
        client.subscribe(1, "a-t20").subscribe(1, "b-t20").subscribe(1, "open-t20");
        subscribed(client, "a-t20");
        subscribed(client, "b-t20");
        subscribed(client, "open-t20");

        client.bind(world.following(1, "t20", "b-*"));

        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
        assertThat(error(client)).satisfies(error -> {
            assertThat(error.getReason()).isEqualTo("PERMISSION_DENIED");
            assertThat(error.getTopic()).isEqualTo("a-t20");
        });
        assertThat(followers("a-t20")).isZero();
        assertThat(followers("b-t20")).isEqualTo(1);
        client.close();

        NativeClient again = bound(world.following(1, "t20", "b-*"));
        List<ServerFrame> frames = List.of(again.next(), again.next(), again.next());
        assertThat(frames.stream()
                        .filter(ServerFrame::hasError)
                        .map(frame -> frame.getError().getTopic()))
                .as("of what its endpoint follows still")
                .containsExactly("a-t20");
        assertThat(followers("a-t20")).isZero();
    }

    @Test
    void whileTheRegisterCannotTellTheClientIsToldAndAsksAgain() throws Exception {
        NativeClient client = bound("t21");
        world.register.failsFollows(LonglineException.dependencyDown("redis", "away", null));
        client.subscribe(1, "open-t21");
        Error error = error(client);
        assertThat(error.getReason()).isEqualTo("DEPENDENCY_DOWN");
        assertThat(error.getTopic()).isEqualTo("open-t21");
        assertThat(error.getRetryAfterMs()).isPositive();
        assertThat(followers("open-t21")).isZero();
        world.register.failsFollows(
                new LonglineException(ErrorCode.QUEUE_FULL, "follows 200 topics, as many as it may"));
        client.subscribe(1, "open-t21");
        assertThat(error(client).getReason()).isEqualTo("QUEUE_FULL");
        world.register.failsFollows(null);

        client.subscribe(1, "open-t21");

        subscribed(client, "open-t21");
        assertThat(followers("open-t21")).isEqualTo(1);
    }

    // ---- ends ----

    @Test
    void whoFollowsNoLongerIsSentNothing() throws Exception {
        NativeClient client = following("t22", "open-t22");

        client.unsubscribe(1, "open-t22");

        await().until(() -> world.register.topics(RoomWorld.endpoint("t22")).isEmpty());
        assertThat(world.publish("open-t22").getFollowers()).isZero();
        client.expectNothing(QUIET);
        client.subscribe(1, "open-t22").unsubscribe(1, "open-t22").subscribe(1, "open-t22");
        subscribed(client, "open-t22");
        subscribed(client, "open-t22");
        assertThat(world.publish("open-t22").getFollowers()).isEqualTo(1);
        push(client);
    }

    @Test
    void whoCannotBeUnsubscribedAtTheRegisterIsToldAndSentNothingAllTheSame() throws Exception {
        NativeClient client = following("t23", "open-t23");
        world.register.failsFollows(LonglineException.dependencyDown("redis", "away", null));

        client.unsubscribe(1, "open-t23");

        assertThat(error(client).getReason()).isEqualTo("DEPENDENCY_DOWN");
        assertThat(world.publish("open-t23").getFollowers()).isZero();
        client.expectNothing(QUIET);
    }

    @Test
    void aSessionThatEndsFollowsNothing() throws Exception {
        NativeClient client = following("t24", "open-t24");
        client.bind(world.bind(2, "t24-b"));
        client.expect(KindCase.BOUND);
        client.expect(KindCase.CAUGHT_UP);
        client.subscribe(2, "open-t24");
        client.expect(KindCase.SUBSCRIBED);
        assertThat(followers("open-t24")).isEqualTo(2);

        client.unbind(1, false);
        client.expect(KindCase.UNBOUND);
        assertThat(followers("open-t24")).isEqualTo(1);
        client.close();

        await().until(() -> followers("open-t24") == 0);
        assertThat(world.register.topics(RoomWorld.endpoint("t24")))
                .as("its endpoint does")
                .containsKey("open-t24");
    }

    // ---- back ends ----

    @Test
    void aBackEndHasASessionFollowAndNoLonger() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("t25");
        NativeClient client = bound("t25");
        List<MapTopics.Published> log = published("alerts-t25", 2);
        world.register.followElsewhere(endpoint, "alerts-t25", log.getFirst().offset());

        assertThat(world.refollow(route("t25"))).isTrue();

        assertThat(subscribed(client, "alerts-t25")).isEqualTo(log.getFirst().offset());
        expect(client, "alerts-t25", log.subList(1, 2));
        client.subscribe(1, "alerts-t25"); // it may, as long as the back end has it follow
        subscribed(client, "alerts-t25");
        world.register.unfollowElsewhere(endpoint, "alerts-t25");
        assertThat(world.refollow(route("t25"))).isTrue();
        await().until(() -> followers("alerts-t25") == 0);
        client.subscribe(1, "alerts-t25");
        assertThat(error(client).getReason()).isEqualTo("PERMISSION_DENIED");
    }

    @Test
    void whatABackEndHasItFollowItMayTakeUpAgain() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("t33");
        world.register.followElsewhere(endpoint, "alerts-t33", 0);
        NativeClient client = bound("t33");
        subscribed(client, "alerts-t33");
        client.unsubscribe(1, "alerts-t33");
        await().until(() -> world.register.topics(endpoint).isEmpty());

        client.subscribe(1, "alerts-t33");

        subscribed(client, "alerts-t33");
        client.bind(world.following(1, "t33", "other-*"));
        assertThat(client.expect(KindCase.BOUND).getBound().getOk()).isTrue();
        client.expectNothing(QUIET);
        assertThat(followers("alerts-t33")).isEqualTo(1);
        world.register.followElsewhere(endpoint, "alerts-t33-new", 0); // the room has not heard
        client.subscribe(1, "alerts-t33-new");
        subscribed(client, "alerts-t33-new");
    }

    @Test
    void whatABackEndHadItFollowBeforeComesWithTheBind() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("t26");
        List<MapTopics.Published> log = published("alerts-t26", 3);
        world.register.followElsewhere(endpoint, "alerts-t26", log.getFirst().offset());

        NativeClient client = bound("t26");

        assertThat(subscribed(client, "alerts-t26")).isEqualTo(log.getFirst().offset());
        expect(client, "alerts-t26", log.subList(1, 3));
    }

    @Test
    void aWordOfAChangeThatCannotBeLookedUpYetIsNotForgotten() throws Exception {
        NativeClient client = bound("t27");
        world.register.followElsewhere(RoomWorld.endpoint("t27"), "alerts-t27", 0);
        world.register.failsFollows(LonglineException.dependencyDown("redis", "away", null));

        assertThat(world.refollow(route("t27"))).isTrue();
        client.expectNothing(QUIET);
        world.register.failsFollows(null);

        subscribed(client, "alerts-t27");
    }

    @Test
    void aWordOfAChangeForASessionThatIsGoneSaysSo() throws Exception {
        NativeClient client = bound("t28");
        Route route = route("t28");
        assertThat(world.refollow(route.toBuilder()
                        .setGeneration(route.getGeneration() - 1)
                        .build()))
                .isFalse();
        client.close();

        await().until(() -> !world.refollow(route));
    }

    @Test
    void aSessionThatIsBeingBoundHearsOfAChangeAfterwards() throws Exception {
        CountDownLatch held = world.saver.hold();
        NativeClient client = world.connect();
        clients.add(client);
        client.hello(world.bind(1, "t29"));
        await().until(() -> world.register.route(RoomWorld.endpoint("t29")) != null);
        world.register.followElsewhere(RoomWorld.endpoint("t29"), "alerts-t29", 0);

        assertThat(world.refollow(route("t29"))).isTrue();
        held.countDown();

        client.welcomed();
        client.expect(KindCase.CAUGHT_UP);
        subscribed(client, "alerts-t29");
    }

    // ---- JSON, metrics ----

    @Test
    void inJsonItIsTheSame() throws Exception {
        try (SocketOfWeb json = SocketOfWeb.connect(world.linkPort(), "longline.v1.json")) {
            json.text("{\"hello\":{\"bind\":[{\"ref\":1,\"product\":\"demo\",\"user\":\"t30\",\"token\":\""
                    + world.token("demo", "t30", null) + "\"}]}}");
            assertThat(json.nextText()).startsWith("{\"welcome\":");
            assertThat(json.nextText()).startsWith("{\"caught_up\":");

            json.text("{\"subscribe\":{\"ref\":1,\"topic\":\"open-t30\",\"after\":0}}");
            assertThat(json.nextText()).isEqualTo("{\"subscribed\":{\"ref\":1,\"topic\":\"open-t30\",\"offset\":0}}");
            MapTopics.Published one = world.topics.publish("demo", "open-t30", world.message());
            world.reach("open-t30", one);
            assertThat(json.nextText())
                    .startsWith("{\"push\":{\"ref\":1,\"message_id\":")
                    .contains("\"topic\":\"open-t30\",\"offset\":" + one.offset());
            json.text("{\"ack\":{\"ref\":1,\"topic\":\"open-t30\",\"offset\":" + one.offset() + "}}");

            await().until(() -> world.topics.passed(RoomWorld.endpoint("t30"), "open-t30") == one.offset());
            json.text("{\"unsubscribe\":{\"ref\":1,\"topic\":\"open-t30\"}}");
            await().until(() -> followers("open-t30") == 0);
        }
    }

    @Test
    void metricsTellOfFollowsWritesReadsAndAcks() throws Exception {
        NativeClient client = following("t31", "open-t31");
        world.publish("open-t31");
        client.ack(1, "open-t31", push(client).getOffset());
        await().until(() -> world.topics.passed(RoomWorld.endpoint("t31"), "open-t31") > 0);

        await().untilAsserted(
                        () -> assertThat(world.metric("longline_room_follows")).isGreaterThan(0));
        assertThat(world.metric("longline_room_topic_writes_total")).isPositive();
        assertThat(world.metric("longline_room_topic_reads_total", "outcome=\"begun\""))
                .isPositive();
        assertThat(world.metric("longline_room_topic_acks_total", "outcome=\"forwarded\""))
                .isPositive();
    }
}
