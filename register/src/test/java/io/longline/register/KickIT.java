package io.longline.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.register.endpoint.Endpoint;
import io.longline.rpc.v1.KickReply;
import io.longline.rpc.v1.KickRequest;
import io.longline.stores.junit.RedisExtension;
import io.longline.stores.junit.ZooKeeperExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kicks as centers ask for them, and what rooms are told then. */
class KickIT extends RegisterSetup {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final Endpoint DESK = new Endpoint("demo", "u:1", "desk");

    KickIT() {
        super(REDIS, ZOOKEEPER);
    }

    private static KickRequest.Builder request() {
        return KickRequest.newBuilder().setProduct("demo").setUser("u:1");
    }

    private LonglineException refusal(Endpoint endpoint) {
        return client.bindLater(endpoint, room.freshPlace())
                .<LonglineException>handle((reply, error) -> {
                    if (error == null) {
                        throw new AssertionError("bound: " + reply);
                    }
                    return ErrorTranslator.fromAny(error);
                })
                .join();
    }

    @Test
    void sessionsEndAndWhoIsBlockedIsRefusedWithTheReasonAndATime() {
        client.bind(PHONE, room.freshPlace());
        client.bind(DESK, room.freshPlace());

        KickReply reply =
                client.kick(request().setReason("signed out").setBlockS(60).build());

        assertThat(reply.getSessions()).isEqualTo(2);
        assertThat(reply.getUnknown()).isFalse();
        assertThat(client.locate(PHONE).hasOffline()).isTrue();
        assertThat(client.locate(DESK).hasOffline()).isTrue();
        assertThat(redis.events(PHONE))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event).containsEntry("reason", "signed out"));
        LonglineException refused = refusal(PHONE);
        assertThat(refused.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
        assertThat(refused.details()).containsExactly(new FieldProblem("blocked", "signed out"));
        assertThat(refused.retryAfter().orElseThrow()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(60));

        assertThat(client.kick(request().build()).getSessions()).isZero();
        assertThat(client.bind(PHONE, room.freshPlace())).isPositive();
    }

    @Test
    void oneDeviceIsKickedForNoReasonThatIsGiven() {
        client.bind(PHONE, room.freshPlace());
        client.bind(DESK, room.freshPlace());

        assertThat(client.kick(request().setDevice("desk").build()).getSessions())
                .isEqualTo(1);

        assertThat(client.locate(PHONE).hasOnline()).isTrue();
        assertThat(redis.events(PHONE))
                .singleElement()
                .satisfies(event -> assertThat(event).containsEntry("reason", "kicked"));
        assertThat(client.bind(DESK, room.freshPlace())).isPositive();
    }

    @Test
    void aUserNeverSeenIsUnknown() {
        assertThat(client.kick(request().setBlockS(60).build()).getUnknown()).isTrue();
        assertThat(client.bind(PHONE, room.freshPlace())).isPositive();
    }

    @Test
    void whatIsWrongIsNamed() {
        client.bind(PHONE, room.freshPlace());

        assertWrong("user", request().setUser("a b"));
        assertWrong("device", request().setDevice("a/b"));
        assertWrong("reason", request().setReason("\u00e9".repeat(61)));
        assertWrong("block_s", request().setBlockS(30 * 86_400 + 1));
        assertWrong("block_s", request().setBlockS(-1));

        assertThat(client.locate(PHONE).hasOnline()).isTrue();
    }

    private void assertWrong(String field, KickRequest.Builder request) {
        assertThatThrownBy(() -> client.kick(request.build())).isInstanceOfSatisfying(LonglineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.details()).extracting(FieldProblem::field).containsExactly(field);
        });
    }
}
