package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.testing.RegisterClient;
import io.longline.register.testing.RoomPeer;
import io.longline.register.testing.TestCluster;
import io.longline.register.testing.TestRedis;
import io.longline.stores.EmbeddedZooKeeper;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to the routes of a room that is no longer announced. */
@Timeout(60)
class DeadRoomsIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Endpoint PHONE = new Endpoint("demo", "u:1", "phone");
    private static final Endpoint TABLET = new Endpoint("demo", "u:1", "tablet");

    private final EmbeddedZooKeeper zookeeper = EmbeddedZooKeeper.temporary().start();
    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final TestCluster cluster = new TestCluster(REDIS.uri(), zookeeper.uri());
    private RegisterClient client;

    @BeforeEach
    void start() {
        cluster.register("register-1", "register.dead-rooms.unseen-grace", GRACE.toSeconds() + "s");
        client = cluster.client("register-1");
    }

    @AfterEach
    void close() {
        cluster.close();
        redis.close();
        zookeeper.close();
    }

    @Test
    void theRoutesOfADeadRoomAreTakenAwayAndThoseOfOthersStay() {
        RoomPeer dying = cluster.room("room-1");
        RoomPeer living = cluster.room("room-2");
        client.bind(PHONE, dying.freshPlace());
        client.bind(TABLET, living.freshPlace());

        dying.close();

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOffline());
        assertThat(client.locate(TABLET).hasOnline()).isTrue();
    }

    @Test
    void aDeadIncarnationBindsNothingAndTheNextOneOfThatRoomDoes() {
        RoomPeer dying = cluster.room("room-1");
        Place zombie = dying.freshPlace();
        client.bind(PHONE, dying.freshPlace());
        dying.close();
        await().atMost(SOON).until(() -> client.locate(PHONE).hasOffline());

        assertThatThrownBy(() -> client.bind(PHONE, zombie)).satisfies(error -> {
            LonglineException known = ErrorTranslator.fromAny(error);
            assertThat(known.code()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(known).hasMessageContaining("incarnation is gone");
        });
        assertThat(client.bind(PHONE, cluster.room("room-1").freshPlace())).isPositive();
    }

    @Test
    void aRoomThatDiedWhileNoRegisterWasThereIsFoundLater() {
        Incarnation unseen = new Incarnation("room-9", 9_000);
        client.bind(PHONE, new Place(unseen, 0, 1, 1));

        await().atMost(SOON).until(() -> client.locate(PHONE).hasOffline());
    }

    @Test
    void aRoomThatBindsBeforeItIsSeenIsNotTakenForDead() {
        Incarnation early = new Incarnation("room-9", System.currentTimeMillis() * 1024);
        client.bind(PHONE, new Place(early, 0, 1, 1));
        cluster.room(early);

        await().during(GRACE.plusSeconds(3))
                .atMost(SOON)
                .until(() -> client.locate(PHONE).hasOnline());
    }

    @Test
    void whileZooKeeperIsAwayNobodyIsDeclaredGone() {
        RoomPeer room = cluster.room("room-1");
        client.bind(PHONE, room.freshPlace());

        zookeeper.stop();
        await().during(Duration.ofSeconds(9))
                .atMost(SOON)
                .until(() -> client.locate(PHONE).hasOnline());
        assertThat(client.bind(TABLET, room.freshPlace())).isPositive();
        zookeeper.start();

        await().during(Duration.ofSeconds(3))
                .atMost(SOON)
                .until(() -> client.locate(PHONE).hasOnline());
    }
}
