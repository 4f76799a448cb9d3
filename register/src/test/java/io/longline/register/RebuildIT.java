package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Place;
import io.longline.register.testing.RegisterClient;
import io.longline.register.testing.RoomPeer;
import io.longline.register.testing.TestCluster;
import io.longline.register.testing.TestRedis;
import io.longline.rpc.v1.FollowedTopic;
import io.longline.rpc.v1.KnownDevice;
import io.longline.stores.EmbeddedRedis;
import io.longline.stores.junit.ZooKeeperExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to routes and devices when Redis is new, restarted, emptied, or its rebuild is disturbed. */
@Timeout(90)
class RebuildIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Endpoint PHONE = new Endpoint("demo", "u:1", "phone");

    private final EmbeddedRedis redis = EmbeddedRedis.temporary().start();
    private final TestCluster cluster = new TestCluster(redis.uri(), ZOOKEEPER.uri());

    @AfterEach
    void close() {
        cluster.close();
        redis.close();
    }

    @Test
    void aFirstStartMakesAllShardsWholeByItself() {
        RegisterClient client = started("register-1");

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOffline());
    }

    @Test
    void aRestartOfRedisIsGoneThroughByItself() {
        RoomPeer room = cluster.room("room-1");
        RegisterClient client = started("register-1");
        long generation = bound(client, PHONE, room);

        redis.restart();

        await().atMost(SOON).ignoreExceptions().until(() -> client.locate(PHONE).hasOnline());
        assertThat(client.locate(PHONE).getOnline().getGeneration()).isEqualTo(generation);
        assertThat(client.bind(PHONE, room.freshPlace())).isGreaterThan(generation);
    }

    @Test
    void afterTheLossOfAllDataSessionsComeFromTheRoomsAndDevicesFromTheJournal() {
        RoomPeer first = cluster.room("room-1");
        RoomPeer second = cluster.room("room-2");
        RegisterClient client = started("register-1");
        List<Endpoint> endpoints = IntStream.range(0, 500)
                .mapToObj(i -> new Endpoint("demo", "user-" + i, "d:" + i))
                .toList();
        endpoints.forEach(endpoint -> bound(client, endpoint, endpoint.hashCode() % 2 == 0 ? first : second));
        Endpoint offline = new Endpoint("demo", "user-1", "offline");
        client.unbind(offline, client.bind(offline, first.freshPlace()));
        long generation = client.locate(endpoints.getFirst()).getOnline().getGeneration();

        emptied();

        await().atMost(SOON) // one shard is whole before the other
                .ignoreExceptions()
                .until(() -> endpoints.stream()
                        .noneMatch(endpoint -> client.locate(endpoint).hasUnknown()));
        assertThat(endpoints)
                .allSatisfy(endpoint ->
                        assertThat(client.locate(endpoint).hasOnline()).isTrue());
        assertThat(client.devices("demo", "user-1"))
                .extracting(KnownDevice::getDevice)
                .containsExactlyInAnyOrder("d:1", "offline");
        assertThat(client.bind(endpoints.getFirst(), first.freshPlace())).isGreaterThan(generation);
    }

    @Test
    void afterTheLossOfAllDataItIsKnownWhenADeviceWasBorn() {
        RoomPeer room = cluster.room("room-1");
        RegisterClient client = started("register-1");
        Endpoint offline = new Endpoint("demo", "u:1", "offline");
        bound(client, PHONE, room);
        bound(client, offline, room);
        long phone = client.followsReply(PHONE).getBorn();
        var other = client.bindLater(offline, room.freshPlace()).join();
        client.unbind(offline, other.getGeneration());

        emptied();

        await().atMost(SOON).ignoreExceptions().until(() -> client.locate(PHONE).hasOnline());
        assertThat(client.followsReply(PHONE).getBorn()).isPositive().isEqualTo(phone);
        assertThat(client.bindLater(offline, room.freshPlace()).join().getBorn())
                .isPositive()
                .isEqualTo(other.getBorn());
    }

    @Test
    void afterTheLossOfAllDataWhatIsFollowedComesFromTheJournal() {
        RoomPeer room = cluster.room("room-1");
        RegisterClient client = started("register-1");
        Endpoint desk = new Endpoint("demo", "u:1", "desk");
        Endpoint user = new Endpoint("demo", "u:1", "");
        long phone = bound(client, PHONE, room);
        long other = bound(client, desk, room);
        client.follow(user, "offers", true, 50, 0);
        client.follow(PHONE, "news", true, 60, phone);
        client.follow(desk, "offers", false, 0, other);
        client.follow(desk, "gone", true, 60, other);
        client.follow(desk, "gone", false, 0, other);

        emptied();

        await().atMost(SOON).ignoreExceptions().until(() -> client.locate(PHONE).hasOnline());
        assertThat(client.follows(PHONE)).extracting(FollowedTopic::getTopic).containsOnly("offers", "news");
        assertThat(client.follows(desk)).isEmpty();
        assertThat(client.followers("demo", "news", Shards.of("demo", "u:1"))).containsExactly("u:1");
        assertThat(client.user("demo", "u:1").getTopicsList()).containsExactly("news", "offers");
        assertThat(client.follow(desk, "gone", true, 70, other).getFrom()).isEqualTo(70);
    }

    @Test
    void whatASessionWasToldAfterACallThatFailedIsSoAfterTheLossOfAllDataToo() {
        RoomPeer room = cluster.room("room-1");
        RegisterClient client = started("register-1");
        Endpoint desk = new Endpoint("demo", "u:1", "desk");
        Endpoint user = new Endpoint("demo", "u:1", "");
        long phone = bound(client, PHONE, room);
        client.follow(PHONE, "news", true, 60, phone);
        client.follow(user, "offers", true, 50, 0);
        client.follow(PHONE, "offers", false, 0, phone);
        cluster.saver().losesAnswers(true);
        assertThatThrownBy(() -> client.follow(PHONE, "news", false, 0, phone)).isInstanceOf(LonglineException.class);
        assertThatThrownBy(() -> client.follow(PHONE, "sports", true, 70, phone))
                .isInstanceOf(LonglineException.class);
        assertThatThrownBy(() -> client.follow(user, "offers", false, 0, 0)).isInstanceOf(LonglineException.class);
        cluster.saver().losesAnswers(false);
        bound(client, PHONE, room);
        bound(client, desk, room);

        emptied();

        await().atMost(SOON).ignoreExceptions().until(() -> client.locate(PHONE).hasOnline());
        assertThat(client.follows(PHONE)).extracting(FollowedTopic::getTopic).containsExactly("news");
        assertThat(client.follows(desk)).extracting(FollowedTopic::getTopic).containsExactly("offers");
    }

    @Test
    void aDeviceThatWasForgottenAndCameBackFollowsWithItsUserAfterTheLossOfAllDataToo() {
        RoomPeer room = cluster.room("room-1");
        RegisterClient client = started("register-1");
        client.follow(new Endpoint("demo", "u:1", ""), "offers", true, 50, 0);
        long former = client.bind(PHONE, room.freshPlace());
        client.follow(PHONE, "offers", true, 60, former);
        client.unbind(PHONE, former, true);
        bound(client, PHONE, room);
        assertThat(client.follows(PHONE)).extracting(FollowedTopic::getFrom).containsExactly(50L);

        emptied();

        await().atMost(SOON).ignoreExceptions().until(() -> client.locate(PHONE).hasOnline());
        assertThat(client.follows(PHONE)).extracting(FollowedTopic::getFrom).containsExactly(50L);
    }

    @Test
    void whileAShardIsLostNobodyIsCalledOfflineAndBindsWaitForTheRebuild() {
        RoomPeer room = cluster.room("room-1");
        RegisterClient client = started("register-1", "register.lost-shard-patience", "20s");
        bound(client, PHONE, room);
        cluster.saver().databaseDown(true);
        emptied();
        await().atMost(SOON).ignoreExceptions().until(() -> client.locate(PHONE).hasUnknown());

        var binding = client.bindLater(PHONE, room.freshPlace());
        await().during(Duration.ofMillis(500)).until(() -> client.locate(PHONE).hasUnknown());
        assertThat(binding).isNotDone();

        cluster.saver().databaseDown(false);
        assertThat(binding.join().getGeneration()).isPositive();
        assertThat(client.locate(PHONE).hasOnline()).isTrue();
    }

    @Test
    void whoWaitsTooLongForTheRebuildIsToldThatRedisIsDown() {
        cluster.saver().databaseDown(true);
        RoomPeer room = cluster.room("room-1");
        RegisterClient client = started("register-1", "register.lost-shard-patience", "300ms");

        assertThatThrownBy(() -> client.bind(PHONE, room.freshPlace())).satisfies(RebuildIT::isRedisDown);
        assertThatThrownBy(() -> client.devices("demo", "u:1")).satisfies(RebuildIT::isRedisDown);
        assertThatThrownBy(() -> client.unbind(PHONE, 1)).satisfies(RebuildIT::isRedisDown);
    }

    @Test
    void aRoomThatIsAnnouncedAndSilentHoldsTheRebuildUntilItAnswers() {
        RoomPeer silent = cluster.silentRoom("room-1");
        silent.add(PHONE, silent.freshPlace(), 77);
        RegisterClient client = started("register-1");

        await().during(Duration.ofSeconds(1)).until(() -> client.locate(PHONE).hasUnknown());
        silent.listen();

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOnline());
        assertThat(client.locate(PHONE).getOnline().getGeneration()).isEqualTo(77);
    }

    @Test
    void aSilentRoomThatIsGoneHoldsNothing() {
        RoomPeer silent = cluster.silentRoom("room-1");
        RegisterClient client = started("register-1");
        await().during(Duration.ofMillis(300)).until(() -> client.locate(PHONE).hasUnknown());

        silent.withdraw();

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOffline());
    }

    @Test
    void aSilentRoomHoldsTheRebuildNotForEverAndItsSessionsAreAddedWhenItAnswers() {
        RoomPeer silent = cluster.silentRoom("room-1");
        silent.add(PHONE, silent.freshPlace(), 77);
        RegisterClient client = started("register-1", "register.rebuild.room-patience", "500ms");

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOffline());
        silent.listen();

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOnline());
    }

    @Test
    void ofTwoRoomsThatClaimOneEndpointTheNewerSessionWins() {
        RoomPeer older = cluster.room("room-1");
        RoomPeer newer = cluster.room("room-2");
        older.add(PHONE, older.freshPlace(), 77);
        Place place = newer.freshPlace();
        newer.add(PHONE, place, 78);
        RegisterClient client = started("register-1");

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOnline());
        assertThat(client.locate(PHONE).getOnline().getPlace().getRoom()).isEqualTo("room-2");
    }

    @Test
    void oneRegisterRebuildsAtATimeAndAnotherTakesOverWhenItDies() {
        RoomPeer silent = cluster.silentRoom("room-1");
        RegisterServer first = cluster.register("register-1");
        RegisterClient client = started("register-2");
        await().during(Duration.ofMillis(500)).until(() -> client.locate(PHONE).hasUnknown());

        first.close();
        silent.listen();

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOffline());
        assertThat(silent.refills()).isEqualTo(1);
    }

    @Test
    void aLossDuringTheRebuildBeginsItAnew() {
        RoomPeer room = cluster.room("room-1");
        room.add(PHONE, room.freshPlace(), 77);
        cluster.silentRoom("room-2");
        RegisterClient client = started("register-1", "register.rebuild.room-patience", "3s");
        await().atMost(SOON).until(() -> room.refills() == 1);

        emptied();

        await().atMost(SOON).ignoreExceptions().until(() -> client.locate(PHONE).hasOnline());
        assertThat(room.refills()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aShardThatIsLostUnnoticedIsFoundByTheNextScriptThatMeetsIt() {
        RoomPeer room = cluster.room("room-1");
        RegisterClient client = started("register-1", "register.rebuild.period", "1h");
        bound(client, PHONE, room);
        try (TestRedis emptied = new TestRedis(redis.uri())) {
            assertThat(emptied.routes(PHONE)).isEmpty();
        }

        assertThat(client.locate(PHONE).hasUnknown()).isTrue();
        await().atMost(SOON).until(() -> client.locate(PHONE).hasOnline());
    }

    @Test
    void healthSaysWhenRoutesAreLost() {
        cluster.saver().databaseDown(true);
        RegisterServer register = cluster.register("register-1");

        await().atMost(SOON).until(() -> status(register.adminPort()) == 503);
        cluster.saver().databaseDown(false);
        await().atMost(SOON).until(() -> status(register.adminPort()) == 200);
    }

    /** The room has the session as well, as it does in life. */
    private static long bound(RegisterClient client, Endpoint endpoint, RoomPeer room) {
        Place place = room.freshPlace();
        long generation = client.bind(endpoint, place);
        room.add(endpoint, place, generation);
        return generation;
    }

    private void emptied() {
        redis.stop();
        redis.empty();
        redis.start();
    }

    /** Of a register with these settings. */
    private RegisterClient started(String instance, String... settings) {
        cluster.register(instance, settings);
        return cluster.client(instance);
    }

    private static int status(int adminPort) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + adminPort + "/readyz");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static void isRedisDown(Throwable error) {
        LonglineException known = ErrorTranslator.fromAny(error);
        assertThat(known.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
        assertThat(known.dependency()).contains("redis");
    }
}
