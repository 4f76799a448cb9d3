package io.longline.room.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.rpc.Deadline;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import io.longline.rpc.v1.Route;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Bind;
import io.longline.v1.Close;
import io.longline.v1.ServerFrame;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A living room that others take for gone takes a new incarnation and binds its sessions anew, or sends its clients elsewhere. */
@Timeout(60)
class RebindIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private final List<Long> handed = new ArrayList<>();
    private RoomWorld world;

    @BeforeEach
    void open() {
        world = new RoomWorld(ZOOKEEPER.store(), Map.of());
    }

    @AfterEach
    void close() {
        world.close();
    }

    private NativeClient bound(String user) throws Exception {
        NativeClient client = world.connect();
        client.hello(world.bind(1, user)).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        return client;
    }

    private Route route(Endpoint endpoint) {
        return requireNonNull(world.register.route(endpoint));
    }

    private void loseZooKeeperSession() throws Exception {
        ZOOKEEPER.store().expireSession(world.zooKeeperSession());
    }

    /** The register has bound the endpoint anew, whether the room has heard of that or not. */
    private void awaitBoundAnew(Endpoint endpoint, Route before) {
        await().until(() ->
                route(endpoint).getPlace().getIncarnation() > before.getPlace().getIncarnation());
    }

    /** Under an incarnation that the others see. */
    private void awaitBoundAnewAsAnnounced(Endpoint endpoint, long before) {
        await().until(() -> {
            Route now = world.register.route(endpoint);
            return now != null
                    && now.getPlace().getIncarnation() > before
                    && now.getPlace().getIncarnation() == world.announced().incarnation();
        });
    }

    /** It stays for itself for 2 s. */
    private void openWithShortSession() {
        world.close();
        world = new RoomWorld(ZOOKEEPER.store(), Map.of("zookeeper.session-timeout", "2s"));
    }

    private void refused(String user) throws Exception {
        try (NativeClient client = world.connect()) {
            client.hello(world.bind(1, user));
            client.expectClose(3003);
        }
    }

    private void awaitWritten(Endpoint endpoint) {
        await().ignoreExceptions().until(() -> world.push(endpoint).getResult() == HandOverResult.HAND_OVER_WRITTEN);
    }

    /** A hint for something new, to where the endpoint was or is. */
    private HandOverResult hand(Endpoint endpoint, Route where) {
        MapSaver.Stored stored = world.saver.store(endpoint, world.message());
        handed.add(stored.seq());
        HandOverRequest hint = RoomWorld.hintOf(stored)
                .setMessage(stored.message())
                .setPlace(where.getPlace())
                .setGeneration(where.getGeneration())
                .build();
        return world.peer()
                .await(RoomWorld.HAND_OVER, hint, Deadline.after(RoomWorld.PATIENCE))
                .getResult();
    }

    @Test
    void itsSessionsAreBoundAnewAndLoad() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l2");
        try (NativeClient client = bound("l2")) {
            Route before = route(endpoint);
            MapSaver.Stored unheard = world.saver.store(endpoint, world.message());

            loseZooKeeperSession();

            awaitBoundAnew(endpoint, before);
            Route after = route(endpoint);
            assertThat(after.getPlace().getIncarnation())
                    .isGreaterThan(before.getPlace().getIncarnation());
            assertThat(client.expect(KindCase.PUSH).getPush().getSeq()).isEqualTo(unheard.seq());
            await().untilAsserted(() -> assertThat(world.announced().incarnation())
                    .isEqualTo(after.getPlace().getIncarnation()));
            await().until(() -> world.announcedRooms().size() == 1);
            assertThat(world.end(before, 3501))
                    .as("an end of the incarnation before")
                    .isFalse();
            awaitWritten(endpoint);
            client.expect(KindCase.PUSH);
        }
    }

    @Test
    void whatTheyFollowGoesOnAndWhatChangedMeanwhileIsTaken() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l22");
        try (NativeClient client = bound("l22")) {
            client.subscribe(1, "open-a").subscribe(1, "open-b");
            client.expect(KindCase.SUBSCRIBED);
            client.expect(KindCase.SUBSCRIBED);
            Route before = route(endpoint);
            MapTopics.Published unheard = world.topics.publish("demo", "open-a", world.message());
            world.register.unfollowElsewhere(endpoint, "open-b");
            world.register.followElsewhere(endpoint, "alerts", 0);

            loseZooKeeperSession();

            awaitBoundAnew(endpoint, before);
            List<ServerFrame> frames = List.of(client.next(), client.next());
            assertThat(frames)
                    .anySatisfy(frame -> assertThat(frame.getPush().getOffset()).isEqualTo(unheard.offset()));
            assertThat(frames)
                    .anySatisfy(frame ->
                            assertThat(frame.getSubscribed().getTopic()).isEqualTo("alerts"));
            await().ignoreExceptions().until(() -> world.publish("open-b").getFollowers() == 0);
            assertThat(world.publish("open-a").getFollowers()).isEqualTo(1);
            client.expect(KindCase.PUSH);
        }
    }

    @Test
    void hintsOfTheOldIncarnationAreStaleAndThoseOfTheNewOneComeInOrderAlsoMeanwhile() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l12");
        try (NativeClient client = bound("l12")) {
            Route before = route(endpoint);
            CountDownLatch held = world.register.hold();
            loseZooKeeperSession();
            awaitBoundAnew(endpoint, before);
            await().until(() ->
                    world.announced().incarnation() > before.getPlace().getIncarnation());

            await().ignoreExceptions().until(() -> hand(endpoint, before) == HandOverResult.HAND_OVER_STALE);
            List<HandOverResult> meanwhile = List.of(hand(endpoint, route(endpoint)), hand(endpoint, route(endpoint)));
            held.countDown();

            assertThat(meanwhile).doesNotContain(HandOverResult.HAND_OVER_STALE);
            List<Long> got = new ArrayList<>();
            while (got.size() < handed.size()) {
                got.add(client.expect(KindCase.PUSH).getPush().getSeq());
                client.ack(1, got.getLast());
            }
            assertThat(got).as("what was stale is loaded").isEqualTo(handed);
            client.expectNothing(Duration.ofMillis(200));
            assertThat(hand(endpoint, before)).isEqualTo(HandOverResult.HAND_OVER_STALE);
        }
    }

    @Test
    void manySessionsAreBoundAnewAtABoundedRateAndEachLoadsOnce() throws Exception {
        int links = 10;
        int each = 50;
        List<NativeClient> clients = new ArrayList<>();
        for (int link = 0; link < links; link++) {
            List<Bind> binds = new ArrayList<>();
            for (int ref = 0; ref < each; ref++) {
                binds.add(world.bind(ref, "other", "l13-" + link + "-" + ref, 0));
            }
            NativeClient client = world.connect();
            assertThat(client.hello(binds.toArray(Bind[]::new)).welcomed().getBoundList())
                    .allMatch(bound -> bound.getOk());
            clients.add(client);
        }
        int loads = world.saver.loads();

        loseZooKeeperSession();

        await().until(() -> world.register.anew().size() >= links * each);
        await().until(() -> world.saver.loads() >= loads + links * each);
        List<Long> times = world.register.anew().stream().sorted().toList();
        assertThat(times).hasSize(links * each);
        assertThat(TimeUnit.NANOSECONDS.toMillis(times.getLast() - times.getFirst()))
                .as("ms for 500, which are two and a half chunks of 200, each 100 ms after the one before")
                .isGreaterThanOrEqualTo(190);
        for (NativeClient client : clients) {
            client.close();
        }
    }

    @Test
    void aSessionThatARefillDidNotNameMeanwhileIsBoundOnceMore() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l9");
        try (NativeClient client = bound("l9")) {
            Route before = route(endpoint);
            CountDownLatch held = world.register.hold();
            loseZooKeeperSession();
            awaitBoundAnew(endpoint, before);

            world.register.loseAll();
            assertThat(world.refill()).isEmpty();
            held.countDown();

            await().until(() -> world.register.route(endpoint) != null);
            awaitWritten(endpoint);
            client.expect(KindCase.PUSH);
        }
    }

    @Test
    void aDeviceThatIsForgottenMeanwhileStaysForgotten() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l10");
        try (NativeClient client = bound("l10")) {
            Route before = route(endpoint);
            CountDownLatch held = world.register.hold();
            loseZooKeeperSession();
            awaitBoundAnew(endpoint, before);

            client.unbind(1, true);
            client.expect(KindCase.UNBOUND);
            held.countDown();

            await().until(() -> world.register.forgotten().contains(endpoint));
            assertThat(world.register.route(endpoint)).isNull();
        }
    }

    @Test
    void aSessionThatEndedBeforeItsBindWasAnsweredLeavesNoRoute() throws Exception {
        world.close();
        world = new RoomWorld(ZOOKEEPER.store(), Map.of("room.answer-wait", "2s"));
        Endpoint endpoint = RoomWorld.endpoint("l11");
        NativeClient client = bound("l11");
        Route before = route(endpoint);
        CountDownLatch held = world.register.hold();
        loseZooKeeperSession();
        awaitBoundAnew(endpoint, before);

        client.close();
        await().pollDelay(Duration.ofMillis(2_500)).until(() -> true); // the room no longer waits for the answer
        held.countDown();

        await().until(() -> world.register.route(endpoint) == null);
    }

    @Test
    void aSessionWhoseDeviceABackEndHadForgottenMeanwhileHearsThat() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l14");
        try (NativeClient client = bound("l14")) {
            world.register.forgetElsewhere(endpoint);

            loseZooKeeperSession();

            client.expectClose(3502);
        }
    }

    @Test
    void aSessionThatABackEndKickedMeanwhileHearsThat() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l23");
        try (NativeClient client = bound("l23")) {
            world.register.kickElsewhere(endpoint, "signed out");

            loseZooKeeperSession();

            Close close = client.expect(KindCase.CLOSE).getClose();
            assertThat(close.getCode()).isEqualTo(3502);
            assertThat(close.getReason()).isEqualTo("signed out");
            assertThat(close.getRetry()).isFalse();
        }
    }

    @Test
    void oneThatARegisterDeclaredGoneThoughItCanBeSeenIsAnotherAsSoonAsABindIsRefused() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l15");
        try (NativeClient client = bound("l15")) {
            long before = route(endpoint).getPlace().getIncarnation();
            world.register.declareGone(before);

            refused("l16");

            awaitBoundAnewAsAnnounced(endpoint, before);
            awaitWritten(endpoint);
            client.expect(KindCase.PUSH);
            assertThat(world.metric("longline_room_declared_gone_total")).isEqualTo(1);
        }
    }

    @Test
    void oneThatLosesItsSessionAndIsDeclaredGoneAtTheSameTimeEndsUpAsOne() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l17");
        try (NativeClient client = bound("l17")) {
            long before = route(endpoint).getPlace().getIncarnation();
            world.register.declareGone(before);

            loseZooKeeperSession();
            refused("l18");

            awaitBoundAnewAsAnnounced(endpoint, before);
            awaitWritten(endpoint);
            client.expect(KindCase.PUSH);
        }
    }

    @Test
    void oneWhoseNodeSomebodyDeletesIsAnotherAtOnce() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l19");
        try (NativeClient client = bound("l19")) {
            long before = route(endpoint).getPlace().getIncarnation();

            world.zookeeper.delete("/nodes/room/" + world.instance());

            awaitBoundAnewAsAnnounced(endpoint, before);
            awaitWritten(endpoint);
            client.expect(KindCase.PUSH);
        }
    }

    @Test
    void oneThatIsDeclaredGoneWhileZooKeeperIsAwayForItSendsItsClientsElsewhereUntilItIsBack() throws Exception {
        openWithShortSession();
        NativeClient first = bound("l20");
        NativeClient second = bound("l21"); // on the other loop
        long before = route(RoomWorld.endpoint("l20")).getPlace().getIncarnation();

        ZOOKEEPER.store().stop();
        try {
            world.register.declareGone(before);
            first.expectClose(3003);
            second.expectClose(3003);
            try (NativeClient comer = world.connect()) {
                comer.expectClose(3003); // without a hello
            }
        } finally {
            ZOOKEEPER.store().start();
        }

        Endpoint endpoint = RoomWorld.endpoint("l20");
        await().ignoreExceptionsMatching(e -> true).until(() -> {
            try (NativeClient again = world.connect()) {
                again.hello(world.bind(1, "l20")).welcomed();
                return world.push(endpoint).getResult() == HandOverResult.HAND_OVER_WRITTEN;
            }
        });
        await().until(() -> world.announced().incarnation() > before);
    }

    @Test
    void oneWhoseSessionOutlivedThatIsAnotherAllTheSame() throws Exception {
        try (NativeClient client = bound("l24")) {
            long before = route(RoomWorld.endpoint("l24")).getPlace().getIncarnation();

            ZOOKEEPER.store().stop();
            try {
                await().until(() -> world.get("/readyz").contains("not connected"));
                world.register.declareGone(before);
                refused("l25");
                client.expectClose(3003);
            } finally {
                ZOOKEEPER.store().start();
            }

            await().until(() -> world.announced().incarnation() > before);
            try (NativeClient again = world.connect()) {
                again.hello(world.bind(1, "l24")).welcomed();
            }
        }
    }

    @Test
    void whileZooKeeperIsAwayForEverybodyARegisterIsAskedAndAllGoesOn() throws Exception {
        openWithShortSession();
        List<Endpoint> endpoints = List.of(RoomWorld.endpoint("l22"), RoomWorld.endpoint("l23"));
        try (NativeClient first = bound("l22");
                NativeClient second = bound("l23")) {
            List<Route> before = endpoints.stream().map(this::route).toList();

            ZOOKEEPER.store().stop();
            try {
                await().until(() -> endpoints.stream()
                        .allMatch(each -> world.register.wished(each).size() > 2));
                assertThat(endpoints).map(this::route).isEqualTo(before);
                endpoints.forEach(world::push);
                first.expect(KindCase.PUSH);
                second.expect(KindCase.PUSH);
            } finally {
                ZOOKEEPER.store().start();
            }
        }
    }

    @Test
    void aSessionTakesNothingFromANewerOneElsewhere() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("l8");
        try (NativeClient client = bound("l8")) {
            world.register.bindElsewhere(endpoint);

            loseZooKeeperSession();

            client.expectClose(3501);
            assertThat(route(endpoint).getPlace().getRoom()).isEqualTo("elsewhere");
        }
    }
}
