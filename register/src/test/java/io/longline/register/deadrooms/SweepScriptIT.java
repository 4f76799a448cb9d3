package io.longline.register.deadrooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SecondDevice;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.route.BindOutcome;
import io.longline.register.route.Binding;
import io.longline.register.route.RedisRouteIndex;
import io.longline.register.route.Whereabouts;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SweepScriptIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Endpoint PHONE = new Endpoint("demo", "u:1", "ph{o}ne");
    private static final Incarnation DEAD = new Incarnation("room-1", 1000);
    private static final Incarnation NEXT_START = new Incarnation("room-1", 10000);

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final RedisRouteIndex index = new RedisRouteIndex(redis.store(), 100, () -> {});
    private final RedisDeadRoomStore store = new RedisDeadRoomStore(redis.store(), Duration.ofHours(24));

    @BeforeEach
    void allShardsAreWhole() {
        redis.allWhole();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void theRoutesOfTheIncarnationAreTakenAway() {
        bound(PHONE, DEAD, 1);

        assertThat(store.sweep(DEAD)).isEqualTo(1);
        assertThat(redis.await(index.locate(PHONE))).isEqualTo(new Whereabouts.Offline());
        assertThat(redis.await(index.devices("demo", "u:1")).devices())
                .singleElement()
                .satisfies(device -> assertThat(device.route()).isEmpty());
        assertThat(store.bound()).isEmpty();
    }

    @Test
    void theRoutesOfOthersStayAlsoOfTheSameRoomAndOfAPrefixOfItsName() {
        Endpoint tablet = new Endpoint("demo", "u:1", "tablet");
        Endpoint watch = new Endpoint("demo", "u:1", "watch");
        bound(PHONE, DEAD, 1);
        bound(tablet, NEXT_START, 2);
        bound(watch, new Incarnation("room-11", 1000), 3);

        assertThat(store.sweep(DEAD)).isEqualTo(1);
        assertThat(redis.await(index.locate(tablet))).isInstanceOf(Whereabouts.Online.class);
        assertThat(redis.await(index.locate(watch))).isInstanceOf(Whereabouts.Online.class);
        assertThat(store.bound()).containsExactlyInAnyOrder(NEXT_START, new Incarnation("room-11", 1000));
    }

    @Test
    void anEndpointThatMovedOnStaysWhereItIsEvenIfTheIndexStillNamesIt() {
        bound(PHONE, DEAD, 1);
        bound(PHONE, NEXT_START, 2);
        redis.raw().sadd(redis.keys(PHONE).index(DEAD), "demo/u:1/ph{o}ne");

        assertThat(store.sweep(DEAD)).isZero();
        assertThat(redis.await(index.locate(PHONE))).isInstanceOf(Whereabouts.Online.class);
    }

    @Test
    void moreThanOneScriptTakesIsSweptInSeveral() {
        IntStream.range(0, 1_000).forEach(i -> bound(new Endpoint("demo", "u", "d" + i), DEAD, i));

        Endpoint any = new Endpoint("demo", "u", "d");
        assertThat(redis.raw().zrange(redis.keys(any).online("demo"), 0, -1)).containsExactly("u");
        assertThat(store.sweep(DEAD)).isEqualTo(1_000);
        assertThat(redis.routes(any)).isEmpty();
        assertThat(redis.raw().zrange(redis.keys(any).online("demo"), 0, -1)).isEmpty();
    }

    @Test
    void aSweptIncarnationBindsNothingInAnyShard() {
        store.sweep(DEAD);

        IntStream.range(0, 50)
                .mapToObj(i -> new Endpoint("demo", "u" + i, "phone"))
                .forEach(endpoint -> assertThat(redis.await(index.bind(
                                new Binding(endpoint, new Place(DEAD, 0, 1, 1), "wifi", 0, 0, SecondDevice.DEFAULT),
                                0)))
                        .isEqualTo(new BindOutcome.IncarnationGone()));
    }

    @Test
    void anIncarnationIsNotRememberedForEver() {
        RedisDeadRoomStore forgetful = new RedisDeadRoomStore(redis.store(), Duration.ZERO);
        forgetful.sweep(DEAD);
        forgetful.sweep(NEXT_START);

        assertThat(redis.raw().zrange(redis.keys(PHONE).dead(), 0, -1)).containsExactly(NEXT_START.toString());
    }

    @Test
    void aLostShardIsNotSwept() {
        bound(PHONE, DEAD, 1);
        redis.lose(PHONE);

        assertThatThrownBy(() -> store.sweep(DEAD)).isInstanceOf(LonglineException.class);
        assertThat(redis.routes(PHONE)).isNotEmpty();
    }

    private void bound(Endpoint endpoint, Incarnation incarnation, int slot) {
        Place place = new Place(incarnation, 0, slot, 1);
        if (redis.await(index.bind(new Binding(endpoint, place, "wifi", 0, 0, SecondDevice.DEFAULT), 0))
                instanceof BindOutcome.NotJournaled(long generation, var _)) {
            redis.await(index.bind(new Binding(endpoint, place, "wifi", 0, 0, SecondDevice.DEFAULT), generation));
        }
    }
}
