package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.longline.deploy.check.history.Answer;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads an answer of the HTTP API and says where it is not what the contract describes. */
final class AnswerReader {
    private static final List<String> ON_THE_WAY = List.of("accepted", "scheduled", "stored", "written");
    private static final Set<String> ENDS = Set.of("acked", "expired", "collapsed", "recalled", "dropped", "no_target");

    private AnswerReader() {}

    static Answer read(HttpResponse<byte[]> response) {
        JsonNode body;
        try {
            body = Json.parse(response.body());
        } catch (LonglineException e) {
            return malformed(response.statusCode(), String.valueOf(e.getMessage()));
        }
        return response.statusCode() / 100 == 2 ? success(response, body) : problem(response, body);
    }

    private static Answer malformed(int status, String why) {
        return new Answer(status, "", List.of(), false, null, why);
    }

    private static Answer success(HttpResponse<byte[]> response, JsonNode body) {
        List<Answer.Result> results = new ArrayList<>();
        body.path("results")
                .forEach(each -> results.add(new Answer.Result(
                        each.path("user").asText(),
                        each.path("device").asText(),
                        each.path("status").asText(),
                        each.path("reason").asText(),
                        each.path("seq").asLong())));
        boolean replay = response.headers()
                .firstValue("Idempotent-Replay")
                .filter("true"::equals)
                .isPresent();
        String id = body.path("message_id").asText();
        String wrong = wrong(id, body.path("status").asText(), results);
        return new Answer(response.statusCode(), id, results, replay, null, wrong);
    }

    private static @Nullable String wrong(String id, String status, List<Answer.Result> results) {
        if (id.isEmpty()) {
            return "no message_id";
        }
        for (Answer.Result result : results) {
            if (!ON_THE_WAY.contains(result.status()) && !ENDS.contains(result.status())) {
                return "an unknown status " + result.status();
            }
        }
        String expected = status(results);
        return status.equals(expected) || expected.isEmpty() ? null : "status " + status + ", expected " + expected;
    }

    /** The least advanced one; of ends, {@code acked} if any is; empty where several would do. */
    private static String status(List<Answer.Result> results) {
        List<String> all = results.stream().map(Answer.Result::status).toList();
        return Stream.concat(ON_THE_WAY.stream(), Stream.of("acked"))
                .filter(all::contains)
                .findFirst()
                .orElse("");
    }

    private static Answer problem(HttpResponse<byte[]> response, JsonNode body) {
        JsonNode error = body.path("error");
        Answer.Problem problem = new Answer.Problem(
                error.path("reason").asText(),
                error.path("retryable").asBoolean(),
                error.path("retry_after_ms").asLong(-1),
                error.path("dependency").asText(),
                error.path("message").asText());
        boolean retryable = response.statusCode() == 429 || response.statusCode() == 503;
        boolean says = response.headers().firstValue("Retry-After").isPresent() && problem.retryAfterMs() >= 0;
        boolean dependency = !problem.reason().equals("DEPENDENCY_DOWN")
                || !problem.dependency().isEmpty();
        boolean sound = error.path("code").asInt() == response.statusCode()
                && !problem.reason().isEmpty()
                && !problem.message().isEmpty()
                && !error.path("request_id").asText().isEmpty()
                && !(error.path("retryable") instanceof MissingNode)
                && problem.retryable() == retryable
                && (!retryable || says)
                && dependency;
        return new Answer(response.statusCode(), "", List.of(), false, problem, sound ? null : body.toString());
    }
}
