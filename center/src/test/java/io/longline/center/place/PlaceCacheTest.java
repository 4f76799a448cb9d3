package io.longline.center.place;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.KnownDevice;
import io.longline.center.endpoint.Place;
import io.longline.center.endpoint.Route;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlaceCacheTest {
    private static final Endpoint PHONE = new Endpoint("shop", "u1", "phone");

    private long nanos;
    private final PlaceCache cache = new PlaceCache(new PlaceConfig(3, Duration.ofMinutes(1)), () -> nanos);

    private static Route route(long generation) {
        return new Route(new Place("room-1", 1, 0, 0, 0), generation, 0);
    }

    private static KnownDevice device(String name) {
        return new KnownDevice(name, 0, "", null);
    }

    @Test
    void whatWasSeenIsFoundUntilItsLifeIsOver() {
        cache.seen(PHONE, route(5));
        assertThat(cache.find(PHONE)).contains(route(5));
        nanos += Duration.ofSeconds(61).toNanos();
        assertThat(cache.find(PHONE)).isEmpty();
        assertThat(cache.size()).isZero();
    }

    @Test
    void aNewerGenerationIsNotReplacedByAnOlderOne() {
        cache.seen(PHONE, route(5));
        cache.seen(PHONE, route(4));
        assertThat(cache.find(PHONE)).contains(route(5));
        cache.stale(PHONE, route(4));
        assertThat(cache.find(PHONE)).contains(route(5));
        cache.stale(PHONE, route(5));
        assertThat(cache.find(PHONE)).isEmpty();
    }

    @Test
    void whoIsOfflineIsForgotten() {
        cache.seen(PHONE, route(5));
        cache.offline(PHONE);
        assertThat(cache.find(PHONE)).isEmpty();
    }

    @Test
    void beyondTheLimitTheOneNotAskedForLongestGivesWay() {
        for (String user : List.of("a", "b", "c")) {
            cache.seen(new Endpoint("shop", user, "phone"), route(1));
        }
        cache.find(new Endpoint("shop", "a", "phone"));
        cache.seen(PHONE, route(1));
        assertThat(cache.find(new Endpoint("shop", "a", "phone"))).isPresent();
        assertThat(cache.find(new Endpoint("shop", "b", "phone"))).isEmpty();
        assertThat(cache.size()).isEqualTo(3);
    }

    @Test
    void theDevicesOfAUserAreKeptInTheirOrderUnlessTheyAreTooMany() {
        cache.known("shop", "u1", List.of(device("desk"), device("phone")));
        assertThat(cache.devices("shop", "u1")).contains(List.of(device("desk"), device("phone")));
        assertThat(cache.devices("news", "u1")).isEmpty();
        cache.known(
                "shop",
                "u1",
                IntStream.range(0, 65).mapToObj(i -> device("d" + i)).toList());
        assertThat(cache.devices("shop", "u1")).isEmpty();
    }
}
