package io.longline.deploy.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/** An answer of the HTTP API. */
public record Answer(int status, JsonNode body, HttpHeaders headers) {

    /** {@code status} of a push or message. */
    public String state() {
        return body.path("status").asText();
    }

    /** {@code message_id}. */
    public String messageId() {
        return body.path("message_id").asText();
    }

    /** {@code reason} of an error. */
    public String reason() {
        return body.path("error").path("reason").asText();
    }

    /** The only entry of {@code results}. */
    public JsonNode result() {
        JsonNode results = body.path("results");
        if (results.size() != 1) {
            throw new AssertionError("expected one result: " + body);
        }
        return results.get(0);
    }

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
