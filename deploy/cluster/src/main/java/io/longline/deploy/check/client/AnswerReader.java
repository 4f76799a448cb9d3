package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.longline.deploy.check.history.Answer;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads an answer of the HTTP API and says where it is not what the contract describes. {@link ListAnswerReader} reads those of lists. */
final class AnswerReader {
    private static final List<String> ON_THE_WAY = List.of("accepted", "scheduled", "stored", "written");
    private static final Set<String> ENDS = Set.of("acked", "expired", "collapsed", "recalled", "dropped", "no_target");

    private AnswerReader() {}

    /** Of one message. */
    static Answer message(HttpResponse<byte[]> response) {
        return read(response, body -> message(response.statusCode(), body, isReplay(response)));
    }

    /** Of a device that is forgotten. */
    static Answer forgotten(HttpResponse<byte[]> response) {
        return read(response, body -> {
            boolean sound = body.path("devices").isArray()
                    && body.path("ended").isInt()
                    && body.path("dropped").isIntegralNumber();
            return new Answer(response.statusCode(), "", List.of(), false, null, sound ? null : body.toString());
        });
    }

    /** Of sessions that are ended. */
    static Answer kicked(HttpResponse<byte[]> response) {
        return read(response, body -> bare(response, body, body.path("ended").isInt()));
    }

    /** Of a job that ends them. */
    static Answer kicking(HttpResponse<byte[]> response) {
        return read(response, body -> bare(response, body, body.path("job_id").isTextual()));
    }

    private static Answer bare(HttpResponse<byte[]> response, JsonNode body, boolean sound) {
        return new Answer(response.statusCode(), "", List.of(), false, null, sound ? null : body.toString());
    }

    private static Answer read(HttpResponse<byte[]> response, Function<JsonNode, Answer> success) {
        Optional<JsonNode> body = parse(response);
        if (body.isEmpty()) {
            return malformed(response.statusCode(), "not JSON");
        }
        return response.statusCode() / 100 == 2 ? success.apply(body.get()) : problem(response, body.get());
    }

    static Optional<JsonNode> parse(HttpResponse<byte[]> response) {
        try {
            return Optional.of(Json.parse(response.body()));
        } catch (LonglineException e) {
            return Optional.empty();
        }
    }

    static Answer malformed(int status, String why) {
        return new Answer(status, "", List.of(), false, null, why);
    }

    static boolean isReplay(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Idempotent-Replay")
                .filter("true"::equals)
                .isPresent();
    }

    static Answer message(int code, JsonNode body, boolean replay) {
        List<Answer.Result> results = results(body);
        String id = body.path("message_id").asText();
        return new Answer(
                code, id, results, replay, null, wrong(id, body.path("status").asText(), results));
    }

    static List<Answer.Result> results(JsonNode body) {
        List<Answer.Result> results = new ArrayList<>();
        body.path("results")
                .forEach(each -> results.add(new Answer.Result(
                        each.path("user").asText(),
                        each.path("device").asText(),
                        each.path("status").asText(),
                        each.path("reason").asText(),
                        each.path("seq").asLong())));
        return results;
    }

    static @Nullable String wrong(String id, String status, List<Answer.Result> results) {
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

    /** Of a whole request that failed. */
    static Answer problem(HttpResponse<byte[]> response, JsonNode body) {
        return problem(
                response.statusCode(),
                body,
                response.headers().firstValue("Retry-After").isPresent());
    }

    /** @param says whether it says when to come back, as far as that stands elsewhere */
    static Answer problem(int code, JsonNode body, boolean says) {
        JsonNode error = body.path("error");
        Answer.Problem problem = new Answer.Problem(
                error.path("reason").asText(),
                error.path("retryable").asBoolean(),
                error.path("retry_after_ms").asLong(-1),
                error.path("dependency").asText(),
                error.path("message").asText());
        boolean retryable = code == 429 || code == 503;
        boolean dependency = !problem.reason().equals("DEPENDENCY_DOWN")
                || !problem.dependency().isEmpty();
        boolean sound = error.path("code").asInt() == code
                && !problem.reason().isEmpty()
                && !problem.message().isEmpty()
                && !error.path("request_id").asText().isEmpty()
                && !(error.path("retryable") instanceof MissingNode)
                && problem.retryable() == retryable
                && (!retryable || (says && problem.retryAfterMs() >= 0))
                && dependency;
        return new Answer(code, "", List.of(), false, problem, sound ? null : body.toString());
    }
}
