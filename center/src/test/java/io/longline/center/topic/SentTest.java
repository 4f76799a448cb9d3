package io.longline.center.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SentTest {

    private static Sent sent(boolean told) {
        return sent(told, false);
    }

    private static Sent sent(boolean told, boolean recalled) {
        return new Sent(
                new SendId(7, 42),
                "news",
                "m-1",
                1_000,
                61_000,
                told,
                Map.of("room-2", new Reach(3, 1), "room-1", new Reach(5, 5)),
                recalled);
    }

    @Test
    void itIsToldAsAJobWithTheSumOfTheRooms() {
        assertThat(sent(true).toJson())
                .hasToString(
                        "{\"job_id\":\"t7-42\",\"message_id\":\"m-1\",\"state\":\"done\",\"topic\":\"news\",\"offset\":42,"
                                + "\"created_at_ms\":1000,\"ends_at_ms\":61000,\"targeted\":8,\"sent\":6,\"acked\":null,"
                                + "\"skipped\":0,\"skipped_reasons\":{},\"eta_s\":0,\"per_room\":{"
                                + "\"room-1\":{\"followers\":5,\"written\":5},\"room-2\":{\"followers\":3,\"written\":1}}}");
    }

    @Test
    void whatWasRecalledSaysSo() {
        assertThat(sent(true).toJson().has("recalled")).isFalse();
        assertThat(sent(true, true).toJson().get("recalled").asBoolean()).isTrue();
    }

    @Test
    void itRunsAsLongAsARoomMayNotHaveHeard() {
        assertThat(sent(false).toJson().get("state").asText()).isEqualTo("running");
    }
}
