package io.longline.register.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {

    @ParameterizedTest
    @ValueSource(strings = {"u1001", "a:b:c", "{s3}", "a*b[c]^$.-+", "~!@&()=|\\\"'`<>,;_"})
    void anyPrintableIdOfTheContractPassesBothWays(String user) {
        Endpoint endpoint = new Endpoint("demo", user, "default");

        assertThat(Wire.endpoint(Wire.endpoint(endpoint))).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "a%b", "a?b", "a#b", "é", "a\nb"})
    void anIdThatWouldNotComeApartAgainIsRefusedByItsField(String user) {
        var message = Wire.endpoint(new Endpoint("demo", user, "phone"));

        assertThatThrownBy(() -> Wire.endpoint(message)).isInstanceOfSatisfying(LonglineException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(error.details()).first().extracting("field").isEqualTo("endpoint.user");
        });
    }

    @Test
    void aPlaceWithoutIncarnationIsRefused() {
        var message = io.longline.rpc.v1.Place.newBuilder().setRoom("room-1").build();

        assertThatThrownBy(() -> Wire.place(message)).hasMessageContaining("place.incarnation");
    }

    @Test
    void aNumberThatRedisScriptsWouldRoundIsRefused() {
        assertThat(Wire.positive("generation", (1L << 53) - 1)).isEqualTo((1L << 53) - 1);
        assertThatThrownBy(() -> Wire.positive("generation", 1L << 53)).hasMessageContaining("below 2^53");
        assertThatThrownBy(() -> Wire.positive("generation", -1)).hasMessageContaining("18446744073709551615");
    }

    @Test
    void aRoutePassesBothWays() {
        Route route = new Route(new Place(new Incarnation("room-1", 7), 3, 12, 99), 1024, 5);

        var message = Wire.route(route);

        assertThat(Wire.place(message.getPlace())).isEqualTo(route.place());
        assertThat(message.getGeneration()).isEqualTo(1024);
        assertThat(message.getSinceMs()).isEqualTo(5);
    }

    @Test
    void aUserIsNamedByAnEndpointWithoutDeviceWhereThatIsAllowed() {
        Endpoint user = new Endpoint("demo", "u1", "");

        assertThat(Wire.endpointOrUser(Wire.endpoint(user))).isEqualTo(user);
        assertThatThrownBy(() -> Wire.endpoint(Wire.endpoint(user))).hasMessageContaining("endpoint.device");
        assertThatThrownBy(() -> Wire.endpointOrUser(Wire.endpoint(new Endpoint("demo", "u1", "a b"))))
                .hasMessageContaining("endpoint.device");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "*urgent", "a/b", "a b"})
    void aTopicThatNobodyFollowsByHimselfIsRefusedByItsField(String topic) {
        assertThat(Wire.topic("topic", "news:*")).isEqualTo("news:*");
        assertThatThrownBy(() -> Wire.topic("topic", topic)).isInstanceOfSatisfying(LonglineException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(error.details()).first().extracting("field").isEqualTo("topic");
        });
    }

    @Test
    void anOffsetMayBeNought() {
        assertThat(Wire.offset("from", 0)).isZero();
        assertThatThrownBy(() -> Wire.offset("from", -1)).hasMessageContaining("from");
    }

    @Test
    void aVeryLongNetworkIsCut() {
        assertThat(Wire.network("wifi")).isEqualTo("wifi");
        assertThat(Wire.network("x".repeat(1000))).hasSize(64);
    }
}
