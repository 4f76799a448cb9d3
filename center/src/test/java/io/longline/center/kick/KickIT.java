package io.longline.center.kick;

import static io.longline.center.kit.CenterKit.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.kit.Api.Answer;
import io.longline.center.kit.CenterKit;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.KickRequest;
import io.longline.stores.junit.ZooKeeperExtension;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One user is kicked. */
@Timeout(60)
class KickIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @SuppressWarnings("NullAway.Init")
    private static CenterKit kit;

    @BeforeAll
    static void start() {
        kit = new CenterKit(ZOOKEEPER.uri(), Map.of("center.sweep.interval", "1h"));
    }

    @AfterAll
    static void stop() {
        kit.close();
    }

    @Test
    void allDevicesAreKickedAndTheAnswerSaysHowManySessionsEnd() {
        kit.register().connect(endpoint("k1", "phone"), kit.room(), 11);
        kit.register().connect(endpoint("k1", "desk"), kit.room(), 12);

        Answer answer = kit.api().post("/v1/users/k1:kick", "{\"reason\":\"signed out\",\"block_s\":60}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).hasToString("{\"ended\":2}");
        KickRequest asked = kit.register().kicks().getLast();
        assertThat(asked.getUser()).isEqualTo("k1");
        assertThat(asked.getDevice()).isEmpty();
        assertThat(asked.getReason()).isEqualTo("signed out");
        assertThat(asked.getBlockS()).isEqualTo(60);
    }

    @Test
    void oneDeviceIsKickedAndAllElseMayBeLeftOut() {
        kit.register().connect(endpoint("k2", "phone"), kit.room(), 11);
        kit.register().connect(endpoint("k2", "desk"), kit.room(), 12);

        assertThat(kit.api()
                        .post("/v1/users/k2:kick", "{\"device\":\"desk\"}")
                        .json()
                        .get("ended")
                        .asInt())
                .isEqualTo(1);
        assertThat(kit.register().kicks().getLast().getReason()).isEmpty();
        assertThat(kit.register().kicks().getLast().getBlockS()).isZero();
        assertThat(kit.api().post("/v1/users/k2:kick", "").json().get("ended").asInt())
                .isEqualTo(1);
        assertThat(kit.api().post("/v1/users/k2:kick", "{}").json().get("ended").asInt())
                .isZero();
    }

    @Test
    void aUserNeverSeenIsNotFound() {
        Answer answer = kit.api().post("/v1/users/stranger:kick", "{}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("/error/reason")).isEqualTo("USER_NOT_FOUND");
    }

    @Test
    void whatIsWrongIsNamedAndNobodyIsKicked() {
        kit.register().connect(endpoint("k3", "phone"), kit.room(), 11);
        int before = kit.register().kicks().size();

        Answer answer = kit.api()
                .post(
                        "/v1/users/k3:kick",
                        "{\"device\":\"a/b\",\"reason\":\"" + "x".repeat(121) + "\",\"block_s\":2592001,\"until\":1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/error/reason")).isEqualTo("INVALID_ARGUMENT");
        assertThat(answer.json().at("/error/details").findValuesAsText("field"))
                .containsExactlyInAnyOrder("device", "reason", "block_s", "until");
        assertThat(kit.api().post("/v1/users/k3:kick", "{\"block_s\":-1}").text("/error/details/0/field"))
                .isEqualTo("block_s");
        assertThat(kit.api().post("/v1/users/k3:kick", "{\"reason\":\"\"}").status())
                .isEqualTo(400);
        assertThat(kit.api().post("/v1/users/k3:kick", "[]").status()).isEqualTo(400);
        assertThat(kit.api().post("/v1/users/a%2Fb:kick", "{}").text("/error/details/0/field"))
                .isEqualTo("user");
        assertThat(kit.register().kicks()).hasSize(before);
    }

    @Test
    void whereTooManySessionsWaitForTheirEndItIsToBeRepeated() {
        kit.register().connect(endpoint("k4", "phone"), kit.room(), 11);
        kit.register().fail(new LonglineException(ErrorCode.OVERLOADED, "too many sessions wait"));
        Answer answer;
        try {
            answer = kit.api().post("/v1/users/k4:kick", "{}");
        } finally {
            kit.register().fail(null);
        }

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("/error/reason")).isEqualTo("OVERLOADED");
        assertThat(answer.header("Retry-After")).isPresent();
    }
}
