package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameLimits;
import io.longline.frames.json.JsonFrames;
import io.longline.keeper.product.MergeWindows;
import io.longline.room.transport.LinkKind;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.BroadcastWish;
import io.longline.rpc.v1.ReachRequest;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Subscribe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics with merge windows, over sockets and whatever is spoken on them. Each test has topics and users of its own. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
@TestMethodOrder(OrderAnnotation.class)
class MergeIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it to open
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    private static RoomWorld world;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    static void open(LinkKind kind) {
        world = new RoomWorld(ZOOKEEPER.store(), kind, Map.of("room.loops", "1"));
    }

    @AfterParameterizedClassInvocation
    static void close() {
        world.close();
    }

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable client : open) {
            client.close();
        }
    }

    /** A client of any kind. */
    private interface Client {
        void say(ClientFrame frame) throws Exception;

        ServerFrame hear() throws Exception;
    }

    private Client over(NativeClient client) {
        open.add(client);
        return new Client() {
            @Override
            public void say(ClientFrame frame) throws Exception {
                client.send(frame);
            }

            @Override
            public ServerFrame hear() throws Exception {
                return client.next();
            }
        };
    }

    private Client overMessages(SocketOfWeb web) {
        open.add(web);
        return new Client() {
            @Override
            public void say(ClientFrame frame) {
                web.binary(ByteBuffer.wrap(frame.toByteArray()));
            }

            @Override
            public ServerFrame hear() throws Exception {
                return web.nextFrame();
            }
        };
    }

    private Client overJson(SocketOfWeb web) {
        open.add(web);
        JsonFrames<ClientFrame> out = new JsonFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_ROOM);
        JsonFrames<ServerFrame> in = new JsonFrames<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);
        return new Client() {
            @Override
            public void say(ClientFrame frame) {
                web.text(StandardCharsets.UTF_8.decode(out.encode(frame)).toString());
            }

            @Override
            public ServerFrame hear() throws Exception {
                ByteBuffer text = ByteBuffer.wrap(web.nextText().getBytes(StandardCharsets.UTF_8));
                return ((DecodeResult.Frame<ServerFrame>) in.decode(text)).frame();
            }
        };
    }

    /** Two of each kind. */
    private List<Client> all() throws Exception {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            all.add(over(world.connect()));
            all.add(overMessages(SocketOfWeb.connect(world.room.linkPort(), "longline.v1")));
            all.add(overJson(SocketOfWeb.connect(world.room.linkPort())));
        }
        return all;
    }

    /** It has read the logs of the topics, in which there is nothing for it, and follows them from now on. */
    private static void follow(Client client, String user, String... topics) throws Exception {
        client.say(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().addBind(world.bind(1, user)))
                .build());
        heard(client, KindCase.WELCOME);
        heard(client, KindCase.CAUGHT_UP);
        for (String topic : topics) {
            client.say(ClientFrame.newBuilder()
                    .setSubscribe(Subscribe.newBuilder().setRef(1).setTopic(topic))
                    .build());
            heard(client, KindCase.SUBSCRIBED);
        }
    }

    private static ServerFrame heard(Client client, KindCase kind) throws Exception {
        ServerFrame frame = client.hear();
        assertThat(frame.getKindCase()).as("kind of %s", frame).isEqualTo(kind);
        return frame;
    }

    private static void allHaveRead() throws Exception {
        await().until(() -> world.metric("longline_room_topic_reads_depth") == 0);
    }

    /** Each has been sent one message of each topic, so what comes next is all that it is to be sent. */
    private static void areLevel(List<Client> all, String... topics) throws Exception {
        for (String topic : topics) {
            told(topic);
        }
        for (Client client : all) {
            int had = 0;
            while (had < topics.length) {
                had += items(client.hear()).size();
            }
        }
    }

    private static void expect(Push push, String topic, MapTopics.Published one) {
        assertThat(push.getTopic()).isEqualTo(topic);
        assertThat(push.getOffset()).isEqualTo(one.offset());
        assertThat(push.getMessageId()).isEqualTo(one.message().getMessageId());
        assertThat(push.getText()).isEqualTo("text");
        assertThat(push.getTtlMs()).isBetween(1L, 60_000L);
    }

    private static MapTopics.Published told(String topic) {
        MapTopics.Published one = world.topics.publish("demo", topic, world.message());
        world.reach(topic, one);
        return one;
    }

    /** One loop: what one client has had, all have been written. */
    private static double made() throws Exception {
        return world.metric("longline_room_topic_frames_total", "what=\"made\"");
    }

    @Test
    void withoutAWindowEachComesByItselfAndIsEncodedOnceForAllOfAKind() throws Exception {
        List<Client> all = all();
        for (int i = 0; i < all.size(); i++) {
            follow(all.get(i), "p" + i, "open-plain");
        }
        allHaveRead();
        double before = made();

        for (int i = 0; i < 3; i++) {
            MapTopics.Published one = told("open-plain");
            for (Client client : all) {
                Push push = heard(client, KindCase.PUSH).getPush();
                assertThat(push.getRef()).isEqualTo(1);
                expect(push, "open-plain", one);
            }
        }
        assertThat(made() - before).isEqualTo(3);
    }

    @Test
    void whatIsPublishedWithinASecondComesToEachKindOfClientAsOneFrame() throws Exception {
        List<Client> all = all();
        for (int i = 0; i < all.size(); i++) {
            follow(all.get(i), "w" + i, "open-m1000-a", "open-m1000-b");
        }
        areLevel(all, "open-m1000-a", "open-m1000-b");
        double before = made();

        MapTopics.Published first = told("open-m1000-a");
        MapTopics.Published second = told("open-m1000-b");
        MapTopics.Published third = told("open-m1000-a");

        for (Client client : all) {
            var pushes = heard(client, KindCase.PUSHES).getPushes();
            assertThat(pushes.getRef()).isEqualTo(1);
            assertThat(pushes.getItemsList()).hasSize(3).noneMatch(Push::hasRef);
            expect(pushes.getItems(0), "open-m1000-a", first);
            expect(pushes.getItems(1), "open-m1000-a", third);
            expect(pushes.getItems(2), "open-m1000-b", second);
        }
        assertThat(made() - before).isEqualTo(1);
        MapTopics.Published single = told("open-m1000-b");
        for (Client client : all) {
            expect(heard(client, KindCase.PUSH).getPush(), "open-m1000-b", single);
        }
    }

    @Test
    void theFirstMessageThatATopicEverHadWaitsForItsWindowWithTheSecond() throws Exception {
        Client client = over(world.connect());
        follow(client, "first", "open-m1000-first");
        allHaveRead();

        MapTopics.Published first = told("open-m1000-first");
        assertThat(first.before()).isZero();
        MapTopics.Published second = told("open-m1000-first");
        List<Push> items = items(heard(client, KindCase.PUSHES));
        assertThat(items.stream().map(Push::getOffset)).containsExactly(first.offset(), second.offset());
    }

    @Test
    void inShortWindowsEverythingComesOnceAndInOrder() throws Exception {
        List<Client> all = all();
        for (int i = 0; i < all.size(); i++) {
            follow(all.get(i), "s" + i, "open-m20-a");
        }
        allHaveRead();
        List<Long> published = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            published.add(told("open-m20-a").offset());
        }

        for (Client client : all) {
            List<Long> had = new ArrayList<>();
            int frames = 0;
            for (; had.size() < published.size(); frames++) {
                ServerFrame frame = client.hear();
                List<Push> items = frame.hasPush()
                        ? List.of(frame.getPush())
                        : frame.getPushes().getItemsList();
                items.forEach(push -> had.add(push.getOffset()));
            }
            assertThat(had).isEqualTo(published);
            assertThat(frames).isLessThan(published.size());
        }
    }

    @Test
    void aClientThatReadsNothingDoesNotDelayOthersAndGetsItAllLater() throws Exception {
        MapTopics.Published _ = world.topics.publish("demo", "open-m20-slow", world.message());
        NativeClient lazy = NativeClient.connectLazily(world.linkPort());
        open.add(lazy);
        lazy.hello(world.bind(1, "lazy")).subscribe(1, "open-m20-slow");
        Client quick = over(world.connect());
        follow(quick, "quick", "open-m20-slow");
        await().until(() ->
                world.reach(ReachRequest.newBuilder().setTopic("open-m20-slow")).getFollowers() == 2);
        allHaveRead();
        String large = "x".repeat(50_000);
        List<Long> published = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            MapTopics.Published one = world.topics.publish(
                    "demo",
                    "open-m20-slow",
                    world.message().toBuilder().setText(large).build());
            world.reach("open-m20-slow", one);
            published.add(one.offset());
        }
        assertThat(offsets(quick, published.size())).isEqualTo(published);

        lazy.read();
        lazy.welcomed();
        lazy.expect(KindCase.CAUGHT_UP);
        lazy.expect(KindCase.SUBSCRIBED);
        List<Long> had = new ArrayList<>();
        while (had.size() < published.size()) {
            items(lazy.next()).forEach(push -> had.add(push.getOffset()));
        }
        assertThat(had).isEqualTo(published);
    }

    private static List<Long> offsets(Client client, int count) throws Exception {
        List<Long> had = new ArrayList<>();
        while (had.size() < count) {
            items(client.hear()).forEach(push -> had.add(push.getOffset()));
        }
        return had;
    }

    private static List<Push> items(ServerFrame frame) {
        return frame.hasPush() ? List.of(frame.getPush()) : frame.getPushes().getItemsList();
    }

    @Test
    void whoComesBackIsSentWhatItMissedTogether() throws Exception {
        Client away = over(world.connect());
        follow(away, "back", "open-m1000-c");
        allHaveRead();
        open.removeLast().close();
        await().until(() -> world.register.route(RoomWorld.endpoint("back")) == null);
        List<Long> published = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            published.add(world.topics
                    .publish("demo", "open-m1000-c", world.message())
                    .offset());
        }

        Client back = over(world.connect());
        back.say(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().addBind(world.bind(1, "back")))
                .build());
        heard(back, KindCase.WELCOME);
        List<ServerFrame> frames = new ArrayList<>();
        while (frames.stream().noneMatch(ServerFrame::hasPushes)) {
            frames.add(back.hear());
        }
        assertThat(items(frames.getLast()).stream().map(Push::getOffset)).containsExactlyElementsOf(published);
    }

    /** The last: whoever binds afterwards is sent it too. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aBroadcastWithoutAPaceComesWithWhatTopicsHave() throws Exception {
        List<Client> all = all();
        for (int i = 0; i < all.size(); i++) {
            follow(all.get(i), "b" + i, "open-m1000-d");
        }
        allHaveRead();
        MapTopics.Published broadcast = world.topics.publish("demo", "*m1000", world.message());
        var reply = world.broadcast(BroadcastRequest.newBuilder()
                .setTopic("*m1000")
                .setJobId("j1")
                .setOffset(broadcast.offset())
                .setBefore(broadcast.before())
                .setMessage(broadcast.message())
                .setWish(BroadcastWish.BROADCAST_SEND)
                .setShareMs(3_000)
                .setRun(1)
                .setNumber(1));
        assertThat(reply.getTargeted()).isGreaterThanOrEqualTo(all.size());
        MapTopics.Published topic = told("open-m1000-d");

        for (Client client : all) {
            var pushes = heard(client, KindCase.PUSHES).getPushes();
            assertThat(pushes.getItemsCount()).isEqualTo(2);
            expect(pushes.getItems(0), "*m1000", broadcast);
            expect(pushes.getItems(1), "open-m1000-d", topic);
        }
    }

    @Test
    void anOperatorChangesAWindowWhileItRuns() throws Exception {
        Client client = over(world.connect());
        follow(client, "live", "open-live");
        allHaveRead();
        MergeWindows before = world.merge(windows -> windows.with("open-live", 300));

        await().until(() -> {
            MapTopics.Published first = told("open-live");
            MapTopics.Published second = told("open-live");
            List<Push> items = new ArrayList<>(items(client.hear()));
            boolean together = items.size() == 2;
            if (!together) {
                items.addAll(items(client.hear()));
            }
            assertThat(items.stream().map(Push::getOffset)).containsExactly(first.offset(), second.offset());
            return together;
        });
        world.merge(_ -> before);
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            told("open-live");
            told("open-live");
            int frames = 0;
            for (int had = 0; had < 2; frames++) {
                had += items(client.hear()).size();
            }
            return frames == 2;
        });
    }
}
