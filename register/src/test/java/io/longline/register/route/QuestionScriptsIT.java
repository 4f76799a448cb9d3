package io.longline.register.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.shard.Shards;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.endpoint.Route;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code locate.lua}, {@code devices.lua}, {@code seen.lua}, {@code online.lua} and {@code crowd.lua}. */
class QuestionScriptsIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = new Endpoint("demo", "u1", "phone");
    private static final Route ROUTE = new Route(
            new Place(new Incarnation("room-1", 1786000000000001L), 3, 7, 1), 1829000000000123L, 1786000000123L);
    private static final String ROUTE_TEXT = "room-1 1786000000000001 3 7 1 1829000000000123 1786000000123";

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final AtomicInteger lost = new AtomicInteger();
    private final RedisRouteIndex index = new RedisRouteIndex(redis.store(), 100, lost::incrementAndGet);

    @BeforeEach
    void allShardsAreWhole() {
        redis.allWhole();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void aBoundEndpointIsOnline() {
        redis.raw().hset(redis.keys(PHONE).routes("demo", "u1"), "phone", ROUTE_TEXT);

        assertThat(redis.await(index.locate(PHONE))).isEqualTo(new Whereabouts.Online(ROUTE));
    }

    @Test
    void anyOtherIsOffline() {
        redis.raw().hset(redis.keys(PHONE).routes("demo", "u1"), "tablet", ROUTE_TEXT);

        assertThat(redis.await(index.locate(PHONE))).isEqualTo(new Whereabouts.Offline());
    }

    @Test
    void inALostShardNobodyIsCalledOffline() {
        redis.lose(PHONE);

        assertThat(redis.await(index.locate(PHONE))).isEqualTo(new Whereabouts.Unknown());
        assertThat(lost).hasValue(1);
    }

    @Test
    void aUserNeverSeenHasNoDevices() {
        assertThat(redis.await(index.devices("demo", "u1")).devices()).isEmpty();
    }

    @Test
    void devicesComeThoseOnlineAndThenTheLatestSeenFirst() {
        redis.raw().hset(redis.keys(PHONE).routes("demo", "u1"), "phone", ROUTE_TEXT);
        redis.raw()
                .hset(
                        redis.keys(PHONE).devices("demo", "u1"),
                        Map.of(
                                "phone", "1000 5 1 wifi",
                                "tablet", "3000 4 1 4g of a train",
                                "watch", "2000 0 1 ",
                                "pad", "1500 7 1 6 4g of a train",
                                "clock", "1400 7 1 6 ",
                                "half-known", "9000 6 0 wifi"));

        assertThat(redis.await(index.devices("demo", "u1")).devices())
                .isEqualTo(List.of(
                        new KnownDevice("phone", 1000, "wifi", Optional.of(ROUTE)),
                        new KnownDevice("tablet", 3000, "4g of a train", Optional.empty()),
                        new KnownDevice("watch", 2000, "", Optional.empty()),
                        new KnownDevice("pad", 1500, "4g of a train", Optional.empty()),
                        new KnownDevice("clock", 1400, "", Optional.empty())));
    }

    @Test
    void topicsThatAnyDeviceOrTheUserFollowsComeByNameOnce() {
        redis.raw()
                .hset(
                        redis.keys(PHONE).follows("demo", "u1"),
                        Map.of(
                                "phone/news", "7 1 50 0",
                                "/news", "8 1 60 0",
                                "desk/alerts", "8 1 60 0",
                                "desk/news", "9 0 0 0",
                                "desk/offers", "9 - 0 9"));

        assertThat(redis.await(index.devices("demo", "u1")).topics()).containsExactly("alerts", "news");
    }

    @Test
    void usersAreOnlineWithARouteAndSeenWhenAKnownDeviceWas() {
        int shard = Shards.of("demo", "u1");
        redis.raw().hset(redis.keys(PHONE).routes("demo", "u1"), "phone", ROUTE_TEXT);
        redis.raw()
                .hset(
                        redis.keys(PHONE).devices("demo", "u1"),
                        Map.of("phone", "1000 5 1 wifi", "tablet", "3000 4 1 6 4g", "half-known", "9000 6 0 wifi"));
        redis.raw().hset(redis.keys(PHONE).devices("demo", "u2"), "phone", "2000 5 1 6 ");

        assertThat(redis.await(index.seen("demo", shard, List.of("u1", "never", "u2", "u1"))))
                .isEqualTo(List.of(
                        new LastSeen(true, 3000),
                        new LastSeen(false, 0),
                        new LastSeen(false, 2000),
                        new LastSeen(true, 3000)));
    }

    @Test
    void inALostShardNobodyIsSaidToBeOffline() {
        redis.lose(PHONE);

        assertThatThrownBy(() -> redis.await(index.seen("demo", Shards.of("demo", "u1"), List.of("u1"))))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHARD_LOST));
    }

    @Test
    void whoIsOnlineComesByNameInPages() {
        String online = redis.keys(PHONE).online("demo");
        redis.raw().zadd(online, 0, "u2");
        redis.raw().zadd(online, 0, "u1");
        redis.raw().zadd(online, 0, "u3");
        int shard = Shards.of("demo", "u1");

        assertThat(redis.await(index.online("demo", shard, "", 2))).isEqualTo(new Online(3, List.of("u1", "u2")));
        assertThat(redis.await(index.online("demo", shard, "u2", 2))).isEqualTo(new Online(3, List.of("u3")));
        assertThat(redis.await(index.online("demo", shard, "", 0))).isEqualTo(new Online(3, List.of()));
        assertThat(redis.await(index.online("news", shard, "", 2))).isEqualTo(new Online(0, List.of()));
    }

    @Test
    void howManyAreOnlineIsCountedAndTheDevicesOfSomeOfThem() {
        String online = redis.keys(PHONE).online("demo");
        for (String user : List.of("u1", "u2", "u3")) {
            redis.raw().zadd(online, 0, user);
            redis.raw().hset(redis.keys(PHONE).routes("demo", user), Map.of("phone", ROUTE_TEXT, "desk", ROUTE_TEXT));
        }
        int shard = Shards.of("demo", "u1");

        assertThat(redis.await(index.crowd("demo", shard, 100))).isEqualTo(new Crowd(3, 3, 6));
        assertThat(redis.await(index.crowd("demo", shard, 2))).isEqualTo(new Crowd(3, 2, 4));
        assertThat(redis.await(index.crowd("news", shard, 100))).isEqualTo(new Crowd(0, 0, 0));
        redis.lose(PHONE);
        assertThatThrownBy(() -> redis.await(index.crowd("demo", shard, 100)))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST));
    }

    @Test
    void whoIsOnlineInALostShardIsNotGuessed() {
        redis.lose(PHONE);

        assertThatThrownBy(() -> redis.await(index.online("demo", Shards.of("demo", "u1"), "", 2)))
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST));
    }

    @Test
    void devicesOfALostShardAreNotGuessed() {
        redis.lose(PHONE);

        assertThatThrownBy(() -> redis.await(index.devices("demo", "u1")).devices())
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.SHARD_LOST));
    }
}
