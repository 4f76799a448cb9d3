package io.longline.center.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageAnswerTest {

    private static EndpointResult result(String device, Status status, @Nullable String reason, long seq) {
        return new EndpointResult("u", device, status, reason, seq);
    }

    @Test
    void reasonAndSeqAreLeftOutWhereThereAreNone() {
        MessageAnswer answer = new MessageAnswer(
                "m", List.of(result("a", Status.WRITTEN, null, 5), result("b", Status.DROPPED, "offline", 0)));

        assertThat(answer.toJson())
                .hasToString("{\"message_id\":\"m\",\"status\":\"written\",\"results\":["
                        + "{\"user\":\"u\",\"device\":\"a\",\"status\":\"written\",\"seq\":5},"
                        + "{\"user\":\"u\",\"device\":\"b\",\"status\":\"dropped\",\"reason\":\"offline\"}]}");
    }

    @Test
    void itIs202WhileAnEndpointIsOnlyStored() {
        assertThat(new MessageAnswer(
                                "m", List.of(result("a", Status.WRITTEN, null, 1), result("b", Status.STORED, null, 2)))
                        .httpStatus())
                .isEqualTo(202);
        assertThat(new MessageAnswer("m", List.of(result("a", Status.WRITTEN, null, 1))).httpStatus())
                .isEqualTo(200);
        assertThat(new MessageAnswer("m", List.of(result("a", Status.DROPPED, "offline", 1))).httpStatus())
                .isEqualTo(200);
    }

    @Test
    void aNewerLookOnlyAdvancesCopies() {
        MessageAnswer sent = new MessageAnswer(
                "m",
                List.of(
                        result("a", Status.WRITTEN, null, 1),
                        result("b", Status.WRITTEN, null, 2),
                        result("c", Status.EXPIRED, null, 3)));
        MessageAnswer looked = new MessageAnswer(
                "m",
                List.of(
                        result("a", Status.STORED, null, 1),
                        result("moved", Status.ACKED, null, 2),
                        result("c", Status.DROPPED, "x", 3)));

        assertThat(sent.advancedBy(looked).results())
                .containsExactly(
                        result("a", Status.WRITTEN, null, 1),
                        result("moved", Status.ACKED, null, 2),
                        result("c", Status.EXPIRED, null, 3));
    }

    @Test
    void withoutResultsItIsNotFinal() {
        assertThat(new MessageAnswer("m", List.of()).isFinal()).isFalse();
        assertThat(new MessageAnswer("m", List.of()).status()).isEqualTo(Status.ACCEPTED);
    }
}
