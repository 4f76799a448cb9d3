package io.longline.keeper.error;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** The error body of the contract, section 2; a field that does not apply is left out. */
final class ErrorJson {
    static final Duration DEFAULT_RETRY = Duration.ofSeconds(1);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ErrorJson() {}

    static byte[] write(LonglineException error, int http, String requestId) {
        try {
            return MAPPER.writeValueAsBytes(tree(error, http, requestId));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers cannot be written", e);
        }
    }

    static ObjectNode tree(LonglineException error, int http, String requestId) {
        ObjectNode root = MAPPER.createObjectNode();
        ObjectNode body = root.putObject("error");
        body.put("code", http);
        body.put("reason", error.code().name());
        body.put("message", error.getMessage());
        body.put("retryable", error.code().retryable());
        error.retryAfter().ifPresent(after -> body.put("retry_after_ms", after.toMillis()));
        error.dependency().ifPresent(name -> body.put("dependency", name));
        body.put("request_id", requestId);
        if (!error.details().isEmpty()) {
            ArrayNode details = body.putArray("details");
            error.details()
                    .forEach(detail ->
                            details.addObject().put("field", detail.field()).put("problem", detail.problem()));
        }
        return root;
    }
}
