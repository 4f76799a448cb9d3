package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.UserWish;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the HTTP API answers about topics. */
final class TopicReader {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    private TopicReader() {}

    /** @param offset 0 where it is no success */
    record Sent(Answer answer, long offset) {}

    static Sent sent(HttpResponse<byte[]> response) {
        Optional<JsonNode> body = AnswerReader.parse(response);
        if (body.isEmpty() || response.statusCode() / 100 != 2) {
            return new Sent(problem(response, body), 0);
        }
        JsonNode json = body.get();
        String id = json.path("message_id").asText();
        boolean sound = response.statusCode() == ACCEPTED
                && !id.isEmpty()
                && !json.path("job_id").asText().isEmpty()
                && json.path("offset").isIntegralNumber();
        return new Sent(answer(response, id, sound, json), json.path("offset").asLong());
    }

    static Answer wished(HttpResponse<byte[]> response, UserWish wish) {
        Optional<JsonNode> body = AnswerReader.parse(response);
        if (body.isEmpty() || response.statusCode() / 100 != 2) {
            return problem(response, body);
        }
        JsonNode json = body.get();
        boolean sound = response.statusCode() == OK
                && json.path("user").asText().equals(wish.user())
                && json.path("topic").asText().equals(wish.topic());
        return answer(response, "", sound, json);
    }

    private static Answer answer(HttpResponse<byte[]> response, String id, boolean sound, JsonNode json) {
        @Nullable String wrong = sound ? null : json.toString();
        return new Answer(response.statusCode(), id, List.of(), AnswerReader.isReplay(response), null, wrong);
    }

    private static Answer problem(HttpResponse<byte[]> response, Optional<JsonNode> body) {
        return body.map(json -> AnswerReader.problem(response, json))
                .orElseGet(() -> AnswerReader.malformed(response.statusCode(), "not JSON"));
    }
}
