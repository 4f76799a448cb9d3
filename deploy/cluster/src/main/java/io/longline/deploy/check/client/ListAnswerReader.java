package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.check.history.Answer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads an answer to a list as one answer for each of its entries, in their order. What failed as a whole is the answer of each. */
final class ListAnswerReader {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    private ListAnswerReader() {}

    /** Of one message, at each of its targets. */
    static List<Answer> multicast(HttpResponse<byte[]> response, int targets) {
        boolean replay = AnswerReader.isReplay(response);
        return read(response, targets, "results", body -> {
            String id = body.path("message_id").asText();
            return entry -> target(id, entry, replay);
        });
    }

    private static Answer target(String id, JsonNode entry, boolean replay) {
        List<Answer.Result> results = AnswerReader.results(entry);
        String wrong = AnswerReader.wrong(id, entry.path("status").asText(), results);
        return new Answer(code(results), id, results, replay, null, wrong);
    }

    /** Of several messages. */
    static List<Answer> batch(HttpResponse<byte[]> response, int messages) {
        return read(
                response,
                messages,
                "responses",
                body -> entry -> AnswerReader.message(code(AnswerReader.results(entry)), entry, false));
    }

    private static int code(List<Answer.Result> results) {
        return results.stream().anyMatch(Answer.Result::isBehind) ? ACCEPTED : OK;
    }

    private static List<Answer> read(
            HttpResponse<byte[]> response,
            int expected,
            String name,
            Function<JsonNode, Function<JsonNode, Answer>> entries) {
        Optional<JsonNode> body = AnswerReader.parse(response);
        if (body.isEmpty()) {
            return ofEach(expected, AnswerReader.malformed(response.statusCode(), "not JSON"));
        }
        if (response.statusCode() / 100 != 2) {
            return ofEach(expected, AnswerReader.problem(response, body.get()));
        }
        Function<JsonNode, Answer> reader = entries.apply(body.get());
        List<Answer> answers = new ArrayList<>();
        for (JsonNode entry : body.get().path(name)) {
            boolean failed = entry.has("error");
            answers.add(
                    failed
                            ? AnswerReader.problem(
                                    entry.path("error").path("code").asInt(), entry, true)
                            : reader.apply(entry));
        }
        String wrong = wrong(response.statusCode(), expected, body.get(), answers);
        return wrong == null ? answers : ofEach(expected, AnswerReader.malformed(response.statusCode(), wrong));
    }

    private static @Nullable String wrong(int code, int expected, JsonNode body, List<Answer> answers) {
        if (answers.size() != expected) {
            return answers.size() + " entries for " + expected;
        }
        boolean behind = answers.stream().anyMatch(answer -> answer.status() == ACCEPTED);
        if (behind != (code == ACCEPTED)) {
            return "status " + code + " does not say what the entries say: " + answers;
        }
        long failed = answers.stream().filter(answer -> !answer.isSuccess()).count();
        boolean counted = body.path("failure_count").asLong(failed) == failed
                && body.path("success_count").asLong(expected - failed) == expected - failed;
        return counted ? null : "counts " + body.path("success_count") + " and " + body.path("failure_count");
    }

    private static List<Answer> ofEach(int count, Answer answer) {
        return Collections.nCopies(count, answer);
    }
}
