package io.longline.register.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.Incarnation;
import io.longline.register.endpoint.Place;
import io.longline.register.endpoint.Route;
import io.longline.register.testing.TestRedis;
import io.longline.stores.junit.RedisExtension;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisRouteWalkIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Place PLACE = new Place(new Incarnation("room-1", 1786000000000001L), 0, 7, 1);

    private final TestRedis redis = new TestRedis(REDIS.uri());
    private final RedisRouteWalk walk = new RedisRouteWalk(redis.store());

    @AfterEach
    void close() {
        redis.close();
    }

    private void plant(Endpoint endpoint, String route) {
        redis.raw().hset(redis.keys(endpoint).routes(endpoint.product(), endpoint.user()), endpoint.device(), route);
    }

    private Set<BoundEndpoint> walked() throws InterruptedException {
        Set<BoundEndpoint> found = new HashSet<>();
        walk.walk(1_000_000, found::add);
        return found;
    }

    @Test
    void everyRouteOfEveryShardIsToldWhateverElseKnowsOfIt() throws InterruptedException {
        Set<BoundEndpoint> planted = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            for (String device : new String[] {"phone", "desk:1"}) {
                Endpoint endpoint = new Endpoint("demo", "u:" + i, device);
                plant(endpoint, PLACE + " " + (10 + i) + " 5");
                planted.add(new BoundEndpoint(endpoint, new Route(PLACE, 10 + i, 5)));
            }
        }

        assertThat(walked()).isEqualTo(planted);
    }

    @Test
    void whatIsNoRouteIsPassedOver() throws InterruptedException {
        Endpoint good = new Endpoint("demo", "u1", "phone");
        plant(good, PLACE + " 10 5");
        plant(new Endpoint("demo", "u1", "desk"), "room-1 no number");
        redis.raw().hset(redis.keys(good).devices("demo", "u1"), "phone", "1 10 1 10 wifi");

        assertThat(walked()).containsExactly(new BoundEndpoint(good, new Route(PLACE, 10, 5)));
    }

    @Test
    void aRegisterThatStopsEndsItsWalks() {
        walk.end();

        assertThatThrownBy(this::walked)
                .isInstanceOfSatisfying(
                        LonglineException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.DRAINING));
    }
}
