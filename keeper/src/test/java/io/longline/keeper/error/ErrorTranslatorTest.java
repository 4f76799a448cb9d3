package io.longline.keeper.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorTranslatorTest {

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorComesBackFromItsStatusAsItWas(ErrorCode code) {
        LonglineException error = new LonglineException(code, "what happened")
                .dependency("mysql")
                .retryAfter(Duration.ofMillis(1_250))
                .detail("options.ttl_s", "is -1, expected 0 to 2592000")
                .detail("payload", "is missing");

        LonglineException back = ErrorTranslator.fromStatus(ErrorTranslator.toStatus(error));

        assertThat(back.code()).isEqualTo(code);
        assertThat(back).hasMessage("what happened");
        assertThat(back.dependency()).contains("mysql");
        assertThat(back.retryAfter()).contains(Duration.ofMillis(1_250));
        assertThat(back.details()).isEqualTo(error.details());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorComesBackFromTheEndOfAGrpcCall(ErrorCode code) {
        LonglineException error = new LonglineException(code, "what happened").detail("user", "is empty");
        LonglineException back = ErrorTranslator.fromGrpc(ErrorTranslator.toGrpc(error), "saver");
        assertThat(back.code()).isEqualTo(code);
        assertThat(back.details()).isEqualTo(error.details());
        assertThat(back.dependency()).isEmpty();
    }

    @Test
    void aBareErrorComesBackBare() {
        LonglineException back = ErrorTranslator.fromStatus(
                ErrorTranslator.toStatus(new LonglineException(ErrorCode.DRAINING, "soon gone")));
        assertThat(back.retryAfter()).isEmpty();
        assertThat(back.dependency()).isEmpty();
        assertThat(back.details()).isEmpty();
    }

    @Test
    void aReasonOfALaterReleaseIsReadByItsGrpcCode() {
        com.google.rpc.Status status = com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
                .setMessage("the moon is full")
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason("MOON_FULL")
                        .setDomain("longline")
                        .build()))
                .build();
        assertThat(ErrorTranslator.fromStatus(status).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(ErrorTranslator.fromStatus(status)).hasMessage("the moon is full");
    }

    @Test
    void aPeerThatIsGoneIsADependencyThatIsDown() {
        LonglineException error = ErrorTranslator.fromGrpc(
                Status.UNAVAILABLE.withDescription("connection refused").asRuntimeException(), "register");
        assertThat(error.code()).isEqualTo(ErrorCode.DEPENDENCY_DOWN);
        assertThat(error.dependency()).contains("register");
        assertThat(error).hasMessageContaining("connection refused");
    }

    @Test
    void aGrpcDeadlineIsADeadline() {
        assertThat(ErrorTranslator.fromGrpc(Status.DEADLINE_EXCEEDED.asRuntimeException(), "room")
                        .code())
                .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void ourErrorIsFoundInItsWrappers() {
        LonglineException ours = new LonglineException(ErrorCode.INBOX_FULL, "full");
        assertThat(ErrorTranslator.fromAny(new CompletionException(new ExecutionException(ours))))
                .isSameAs(ours);
    }

    @Test
    void aForeignErrorIsInternalAndKeepsItsCause() {
        IllegalStateException foreign = new IllegalStateException("a token: eyJ...");
        LonglineException error = ErrorTranslator.fromAny(foreign);
        assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(error).hasCause(foreign).hasMessageNotContaining("eyJ");
    }

    @Test
    void theJsonHasTheShapeOfTheContract() throws IOException {
        LonglineException error = new LonglineException(
                        ErrorCode.PRODUCT_RATE_EXCEEDED, "product demo is over 5000 messages/s")
                .retryAfter(Duration.ofMillis(800))
                .detail("options.ttl_s", "is -1, expected 0 to 2592000");
        assertThat(json(error)).isEqualTo(new ObjectMapper().readTree("""
                {"error": {"code": 429, "reason": "PRODUCT_RATE_EXCEEDED", "message": "product demo is over 5000 messages/s",
                           "retryable": true, "retry_after_ms": 800, "request_id": "r-1",
                           "details": [{"field": "options.ttl_s", "problem": "is -1, expected 0 to 2592000"}]}}"""));
    }

    @Test
    void whatDoesNotApplyIsLeftOutOfTheJson() throws IOException {
        JsonNode error = json(new LonglineException(ErrorCode.USER_NOT_FOUND, "no such user"))
                .get("error");
        assertThat(error.fieldNames())
                .toIterable()
                .containsExactly("code", "reason", "message", "retryable", "request_id");
    }

    @Test
    void whatIsKnownInsideOnlyIsToldOutsideInItsWords() throws IOException {
        JsonNode lost =
                json(new LonglineException(ErrorCode.SHARD_LOST, "shard 7")).get("error");
        assertThat(lost.get("reason").asText()).isEqualTo("DEPENDENCY_DOWN");
        assertThat(lost.get("dependency").asText()).isEqualTo("redis");
        assertThat(lost.get("retry_after_ms").asLong()).isPositive();

        JsonNode late = json(new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "too late"))
                .get("error");
        assertThat(late.get("reason").asText()).isEqualTo("OVERLOADED");
        assertThat(late.get("code").asInt()).isEqualTo(503);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorThatMayBeTriedAgainSaysWhen(ErrorCode code) {
        LonglineException shown = ErrorTranslator.outside(new LonglineException(code, "what happened"));
        assertThat(shown.retryAfter().isPresent()).isEqualTo(code.http() == 429 || code.http() == 503);
    }

    private static JsonNode json(LonglineException error) throws IOException {
        return new ObjectMapper().readTree(ErrorTranslator.toJson(error, "r-1"));
    }
}
