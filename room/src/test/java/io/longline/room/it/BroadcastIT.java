package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.LonglineException;
import io.longline.room.transport.LinkKind;
import io.longline.rpc.v1.BroadcastReply;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.BroadcastWish;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.ReachRequest;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Bind;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Subscribe;
import io.longline.v1.TopicPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs have a room send broadcasts. Each test has a room of its own: whoever binds is met by whatever is sent. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class BroadcastIT {
    private static final Duration QUIET = Duration.ofMillis(150);
    private static final int SHARE_MS = 3_000;

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it over
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // before each test
    private RoomWorld world;

    private final List<NativeClient> clients = new ArrayList<>();

    @BeforeEach
    void open() {
        world = new RoomWorld(ZOOKEEPER.store(), kind, Map.of());
    }

    @AfterEach
    void close() throws Exception {
        for (NativeClient client : clients) {
            client.close();
        }
        world.close();
    }

    /** A broadcast on its way: its message is in the log, and nobody may read it but by its word. */
    private final class Job {
        private final String topic;
        private final MapTopics.Published published;
        private long run = 1;
        private long number;
        private int canary;

        Job(String topic, Message message) {
            this.topic = topic;
            this.published = world.topics.publish("demo", topic, message);
        }

        Job(String topic) {
            this(topic, world.message());
        }

        long offset() {
            return published.offset();
        }

        private BroadcastRequest.Builder request(BroadcastWish wish) {
            return BroadcastRequest.newBuilder()
                    .setTopic(topic)
                    .setJobId("j" + topic + published.offset())
                    .setOffset(published.offset())
                    .setBefore(published.before())
                    .setMessage(published.message())
                    .setCanaryPermille(canary)
                    .setWish(wish)
                    .setRun(run)
                    .setNumber(++number);
        }

        BroadcastReply send(int rate) {
            return world.broadcast(
                    request(BroadcastWish.BROADCAST_SEND).setPeoplePerS(rate).setShareMs(SHARE_MS));
        }

        /** How far it is; changes nothing, because it was said before. */
        BroadcastReply counts() {
            number--;
            return world.broadcast(request(BroadcastWish.BROADCAST_REST));
        }

        BroadcastReply rest() {
            return world.broadcast(request(BroadcastWish.BROADCAST_REST));
        }

        BroadcastReply over() {
            world.topics.open("demo", topic, published.offset());
            return world.broadcast(request(BroadcastWish.BROADCAST_OVER));
        }

        BroadcastReply drop() {
            BroadcastReply reply = world.broadcast(request(BroadcastWish.BROADCAST_DROP));
            world.topics.remove("demo", topic, published.offset());
            return reply;
        }

        /** As fast as the room can, until all have it. */
        void sendAll() {
            await().until(() -> send(0).getLeft() == 0);
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

    private void bound(String prefix, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            bound(prefix + "-" + i);
        }
    }

    private static void expect(NativeClient client, Job... jobs) throws Exception {
        for (Job job : jobs) {
            Push push = client.expect(KindCase.PUSH).getPush();
            assertThat(push.getTopic()).isEqualTo(job.topic);
            assertThat(push.getOffset()).isEqualTo(job.offset());
            assertThat(push.getMessageId()).isEqualTo(job.published.message().getMessageId());
            assertThat(push.hasSeq()).isFalse();
        }
    }

    private static long subscribed(NativeClient client) throws Exception {
        return client.expect(KindCase.SUBSCRIBED).getSubscribed().getOffset();
    }

    // ---- everybody ----

    @Test
    void everySessionOfTheProductIsSentItWithoutHavingAskedForItAndAcksAreCounted() throws Exception {
        bound("b1", 10);
        NativeClient other = bound(world.bind(1, "other", "b1-0", 0));
        Job job = new Job("*b1");

        BroadcastReply first = job.send(0);

        assertThat(first.getTargeted()).isEqualTo(10);
        assertThat(first.getIncarnation()).isEqualTo(world.announced().incarnation());
        for (NativeClient client : clients.subList(0, 10)) {
            expect(client, job);
        }
        other.expectNothing(QUIET);
        clients.getFirst().ack(1, "*b1", job.offset());
        await().untilAsserted(() -> assertThat(job.counts()).satisfies(reply -> {
            assertThat(reply.getTargeted()).isEqualTo(10);
            assertThat(reply.getSent()).isEqualTo(10);
            assertThat(reply.getAcked()).isEqualTo(1);
            assertThat(reply.getLeft()).isZero();
        }));
        await().until(() -> world.topics.passed(RoomWorld.endpoint("b1-0"), "*b1") == job.offset());
        assertThat(world.metric("longline_room_broadcasts_total", "stage=\"acked\""))
                .isPositive();
    }

    @Test
    void broadcastsOfATopicComeInOrderAndOnce() throws Exception {
        bound("b2", 3);
        Job first = new Job("*b2");
        first.sendAll();
        first.over();
        Job second = new Job("*b2");
        second.sendAll();
        second.sendAll();
        second.over();

        for (NativeClient client : clients) {
            expect(client, first, second);
            client.expectNothing(QUIET);
        }
    }

    @Test
    void inJsonItIsTheSame() throws Exception {
        try (SocketOfWeb json = SocketOfWeb.connect(world.linkPort(), "longline.v1.json")) {
            json.text("{\"hello\":{\"bind\":[{\"ref\":1,\"product\":\"demo\",\"user\":\"b3\",\"token\":\""
                    + world.token("demo", "b3", null) + "\"}]}}");
            assertThat(json.nextText()).startsWith("{\"welcome\":");
            assertThat(json.nextText()).startsWith("{\"caught_up\":");
            Job job = new Job("*b3");
            job.sendAll();

            assertThat(json.nextText())
                    .startsWith("{\"push\":{\"ref\":1,\"message_id\":")
                    .contains("\"topic\":\"*b3\",\"offset\":" + job.offset());
        }
    }

    // ---- the pace ----

    @Test
    void inNoSecondMoreAreSentItThanTheRateAndAllHaveItInTheEnd() throws Exception {
        int rate = 20;
        bound("b4", 50);
        Job job = new Job("*b4");
        record Sample(long fromNanos, long toNanos, long sent) {}
        List<Sample> samples = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    long from = System.nanoTime();
                    BroadcastReply reply = job.send(rate);
                    samples.add(new Sample(from, System.nanoTime(), reply.getSent()));
                    return reply.getLeft() == 0;
                });

        for (Sample earlier : samples) {
            for (Sample later : samples) {
                if (later.toNanos() - earlier.fromNanos() <= 1_000_000_000) {
                    assertThat(later.sent() - earlier.sent()).isLessThanOrEqualTo(rate);
                }
            }
        }
        assertThat(samples.getLast().toNanos() - samples.getFirst().fromNanos())
                .as("50 at 20 a second")
                .isGreaterThan(2_000_000_000L);
        for (NativeClient client : clients) {
            expect(client, job);
        }
    }

    @Test
    void whenItsShareIsOverItRestsUntilItHasAnother() throws Exception {
        bound("b5", 20);
        Job job = new Job("*b5");
        world.broadcast(
                job.request(BroadcastWish.BROADCAST_SEND).setPeoplePerS(10).setShareMs(300));
        await().pollDelay(Duration.ofMillis(400)).until(() -> true);
        long left = job.counts().getLeft();
        assertThat(left).isBetween(10L, 19L);
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        assertThat(job.counts().getLeft()).isEqualTo(left);
        job.send(10);
        job.rest();
        left = job.counts().getLeft();
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        assertThat(job.counts().getLeft()).isEqualTo(left);

        job.sendAll();

        assertThat(job.counts().getSent()).isEqualTo(20);
    }

    @Test
    void whatIsDroppedNobodyGetsAnyMoreAlsoWhoComesLater() throws Exception {
        bound("b6", 20);
        Job job = new Job("*b6");
        await().until(() -> job.send(10).getSent() > 2);
        long sent = job.drop().getSent();
        assertThat(job.send(0)).satisfies(reply -> {
            assertThat(reply.getLeft()).isZero();
            assertThat(reply.getSent()).isEqualTo(sent).isLessThan(20);
        });
        NativeClient late = bound("b6-late");
        late.expectNothing(QUIET);

        Job next = new Job("*b6");
        next.sendAll();

        expect(late, next);
        int had = 0;
        for (NativeClient client : clients.subList(0, 20)) {
            Push push = client.expect(KindCase.PUSH).getPush();
            if (push.getOffset() == job.offset()) {
                had++;
                expect(client, next);
            }
        }
        assertThat(had).isEqualTo((int) sent);
    }

    @Test
    void whatHasExpiredNobodyIsSent() throws Exception {
        NativeClient client = bound("b7");
        Job job = new Job(
                "*b7",
                world.message().toBuilder().setSentAtMs(1).setExpiresAtMs(2).build());

        assertThat(job.send(0).getLeft()).isZero();

        client.expectNothing(QUIET);
        assertThat(job.counts().getSent()).isZero();
    }

    @Test
    void aLaterRunOfTheJobWins() throws Exception {
        bound("b8", 5);
        Job job = new Job("*b8");
        job.run = 2;
        assertThat(job.rest().getLeft()).isEqualTo(5);
        job.run = 1;

        BroadcastReply reply = job.send(0);

        assertThat(reply.getStale()).isTrue();
        assertThat(reply.getLeft()).isEqualTo(5);
        clients.getFirst().expectNothing(QUIET);
        job.run = 3;
        job.sendAll();
        expect(clients.getFirst(), job);
    }

    @Test
    void onlyTheCanaryHasItUntilItIsForEverybody() throws Exception {
        bound("b9", 40);
        Job job = new Job("*b9");
        job.canary = 300;
        await().until(() -> job.send(0).getLeft() == 0);
        long in = job.counts().getSent();
        assertThat(in).isBetween(1L, 39L);

        job.canary = 0;
        assertThat(job.rest().getLeft()).isEqualTo(40 - in);
        job.sendAll();

        for (NativeClient client : clients) {
            expect(client, job);
        }
        assertThat(job.counts().getTargeted()).isEqualTo(40);
    }

    // ---- who comes ----

    @Test
    void whoBindsInTheMiddleIsMet() throws Exception {
        bound("b10", 3);
        Job job = new Job("*b10");
        job.sendAll();

        NativeClient late = bound("b10-late");

        job.send(0);
        expect(late, job);
        await().until(() -> job.send(0).getSent() == 4);
    }

    @Test
    void aFirstBindDoesNotGetTheOldOnesAndAKnownDeviceDoes() throws Exception {
        bound("b11");
        Job old = new Job("*b11");
        old.sendAll();
        old.over();
        world.register.born(RoomWorld.endpoint("b11-known"), old.offset() - 1);

        NativeClient known = bound("b11-known");
        NativeClient fresh = bound("b11-fresh");

        expect(known, old);
        fresh.expectNothing(QUIET);
        Job next = new Job("*b11");
        next.sendAll();
        expect(known, next);
        expect(fresh, next);
    }

    @Test
    void whoComesBackGoesOnBehindWhatItAcknowledgedOrNames() throws Exception {
        world.register.born(RoomWorld.endpoint("b12"), 1);
        NativeClient client = bound("b12");
        Job first = new Job("*b12");
        first.sendAll();
        first.over();
        expect(client, first);
        client.ack(1, "*b12", first.offset());
        await().until(() -> world.topics.passed(RoomWorld.endpoint("b12"), "*b12") > 0);
        Job second = new Job("*b12");
        second.sendAll();
        expect(client, second);
        client.close();

        Bind named = world.bind(1, "b12").toBuilder()
                .addTopics(TopicPosition.newBuilder()
                        .setTopic("*b12")
                        .setAfter(second.offset())
                        .setResume(true))
                .addTopics(TopicPosition.newBuilder().setTopic("*b12-nothing").setResume(true))
                .build();
        NativeClient again = bound(named);
        assertThat(subscribed(again)).as("though not everybody may read it").isEqualTo(second.offset());
        again.expectNothing(QUIET);
        again.close();
        second.over();
        NativeClient unnamed = bound("b12");
        expect(unnamed, second);
        unnamed.expectNothing(QUIET);
    }

    @Test
    void aRoomThatKnewNothingOfTheTopicAsksWhereItsSessionsBegin() throws Exception {
        world.register.born(RoomWorld.endpoint("b13-known"), 1);
        NativeClient known = bound("b13-known");
        NativeClient fresh = bound("b13-fresh");
        Job missed = new Job("*b13"); // of which this room did not hear
        world.topics.open("demo", "*b13", missed.offset());

        Job job = new Job("*b13");
        job.sendAll();

        expect(known, missed, job);
        expect(fresh, job);
    }

    @Test
    void aRoomThatHearsOnlyThatEverybodyMayReadItHasAllReadIt() throws Exception {
        world.register.born(RoomWorld.endpoint("b14"), 1);
        NativeClient client = bound("b14");
        Job job = new Job("*b14");
        world.topics.open("demo", "*b14", job.offset());

        world.reach(ReachRequest.newBuilder().setTopic("*b14").setOffset(job.offset()));

        expect(client, job);
    }

    @Test
    void whatThereIsIsAskedForUntilTheSaverTells() throws Exception {
        MapTopics.Published one = world.topics.publish("demo", "*b15", world.message());
        world.topics.open("demo", "*b15", one.offset());
        world.topics.fails(LonglineException.dependencyDown("redis", "away", null));
        world.register.born(RoomWorld.endpoint("b15"), 1);
        NativeClient client = bound("b15");
        client.expectNothing(QUIET);

        world.topics.fails(null);

        Push push = client.expect(KindCase.PUSH).getPush();
        assertThat(push.getTopic()).isEqualTo("*b15");
        assertThat(push.getOffset()).isEqualTo(one.offset());
    }

    @Test
    void aSlowClientHoldsNobodyUpAndGetsAllInOrderWhenItReads() throws Exception {
        NativeClient quick = bound("b16");
        try (NativeClient slow = NativeClient.connectLazily(world.linkPort())) {
            slow.hello(world.bind(1, "b16-slow"));
            await().until(() -> world.metric("longline_room_sessions") == 2);
            Message large =
                    world.message().toBuilder().setText("x".repeat(60_000)).build();
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Job job = new Job("*b16", large);
                jobs.add(job);
                job.send(0);
                expect(quick, job);
                job.over();
            }
            Job last = jobs.getLast();
            assertThat(last.counts()).satisfies(reply -> {
                assertThat(reply.getTargeted()).isEqualTo(2);
                assertThat(reply.getSent()).isEqualTo(1);
                assertThat(reply.getLeft()).isZero();
            });

            slow.read();

            slow.welcomed();
            slow.expect(KindCase.CAUGHT_UP);
            expect(slow, jobs.toArray(Job[]::new));
            await().until(() -> last.counts().getSent() == 2);
        }
    }

    // ---- what clients say ----

    @Test
    void aClientMayGoElsewhereInItButNotLeaveIt() throws Exception {
        NativeClient client = bound("b17");
        Job job = new Job("*b17");
        job.sendAll();
        job.over();
        expect(client, job);

        client.unsubscribe(1, "*b17");
        assertThat(client.expect(KindCase.ERROR).getError()).satisfies(error -> {
            assertThat(error.getReason()).isEqualTo("INVALID_ARGUMENT");
            assertThat(error.getMessage()).contains("every client follows it");
        });
        client.subscribe(1, "*b17");
        assertThat(subscribed(client)).isEqualTo(job.offset());
        client.subscribe(Subscribe.newBuilder().setRef(1).setTopic("*b17").setAfter(0));

        assertThat(subscribed(client)).isZero();
        expect(client, job);
        client.subscribe(1, "*b17-nothing");
        assertThat(subscribed(client)).isZero();
        assertThat(world.register.topics(RoomWorld.endpoint("b17"))).isEmpty();
    }

    @Test
    void whatIsNoBroadcastIsRefused() {
        BroadcastRequest.Builder request =
                BroadcastRequest.newBuilder().setTopic("news").setWish(BroadcastWish.BROADCAST_SEND);
        assertThatThrownBy(() -> world.broadcast(request))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("expected one of broadcasts");
        assertThatThrownBy(() -> world.broadcast(
                        request.clone().setTopic("*b18").setWish(BroadcastWish.BROADCAST_WISH_UNSPECIFIED)))
                .isInstanceOf(LonglineException.class)
                .hasMessageContaining("wish");
    }
}
