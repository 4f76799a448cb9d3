package io.longline.register.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.shard.Shards;
import org.junit.jupiter.api.Test;

class RouteTest {

    @Test
    void aRouteIsReadAsTheScriptsWriteIt() {
        Route route = Route.parse("room-1 1786000000000000 3 4000000 65000 1829000000000123 1786000000123");

        assertThat(route)
                .isEqualTo(new Route(
                        new Place(new Incarnation("room-1", 1786000000000000L), 3, 4000000, 65000),
                        1829000000000123L,
                        1786000000123L));
        assertThat(route.place()).hasToString("room-1 1786000000000000 3 4000000 65000");
    }

    @Test
    void anIncarnationIsReadAsItIsWritten() {
        Incarnation incarnation = new Incarnation("room.a-1_b", 1786000000000000L);

        assertThat(Incarnation.parse(incarnation.toString())).isEqualTo(incarnation);
    }

    @Test
    void allKeysOfAUserCarryTheTagOfItsShardAndNoOther() {
        RouteKeys keys = RouteKeys.of("demo", "{s1}:x");
        String tag = Shards.tag(Shards.of("demo", "{s1}:x"));

        assertThat(keys.routes("demo", "{s1}:x")).isEqualTo(tag + ":route:demo/{s1}:x");
        assertThat(keys.devices("demo", "{s1}:x")).isEqualTo(tag + ":devices:demo/{s1}:x");
        assertThat(keys.mark()).isEqualTo(tag + ":mark:route");
        assertThat(keys.index(new Incarnation("room-1", 5))).isEqualTo(tag + ":room:room-1/5");
    }
}
