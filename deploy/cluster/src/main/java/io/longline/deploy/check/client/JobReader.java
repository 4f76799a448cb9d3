package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.JobState;
import io.longline.deploy.check.history.Sending;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads what the HTTP API answers of jobs. */
final class JobReader {
    private static final Set<String> STATES = Set.of("queued", "running", "paused", "done", "cancelled", "failed");

    private JobReader() {}

    /**
     * An answer.
     *
     * @param job null: it is an error
     * @param id of the job, empty where it is an error
     */
    record Told(Answer answer, @Nullable JobState job, String id) {}

    static Told told(HttpResponse<byte[]> response, int targets) {
        Optional<JsonNode> body = AnswerReader.parse(response);
        if (body.isEmpty()) {
            return new Told(AnswerReader.malformed(response.statusCode(), "not JSON"), null, "");
        }
        if (response.statusCode() / 100 != 2) {
            return new Told(AnswerReader.problem(response, body.get()), null, "");
        }
        JsonNode json = body.get();
        JobState job = new JobState(
                json.path("state").asText(),
                json.path("targeted").asLong(-1),
                json.path("sent").asLong(-1),
                json.path("skipped").asLong(-1));
        String id = json.path("message_id").asText();
        String wrong = wrong(json, job, targets);
        return new Told(
                new Answer(response.statusCode(), id, List.of(), AnswerReader.isReplay(response), null, wrong),
                job,
                json.path("job_id").asText());
    }

    private static @Nullable String wrong(JsonNode json, JobState job, int targets) {
        long dealtWith = job.sent() + job.skipped();
        boolean sound = !json.path("job_id").asText().isEmpty()
                && !json.path("message_id").asText().isEmpty()
                && STATES.contains(job.state())
                && job.targeted() == targets
                && job.sent() >= 0
                && job.skipped() >= 0
                && (job.state().equals("done") ? dealtWith == targets : dealtWith <= targets);
        return sound ? null : json.toString();
    }

    /** One answer for each target: that it will be sent to. */
    static List<Answer> accepted(HttpResponse<byte[]> response, Letter letter, Consumer<String> jobs) {
        Told told = told(response, letter.parts().size());
        Answer answer = told.answer();
        if (told.job() == null || answer.malformed() != null) {
            return Collections.nCopies(letter.parts().size(), answer);
        }
        jobs.accept(told.id());
        return letter.parts().stream()
                .map(part ->
                        Answer.success(answer.status(), answer.messageId(), List.of(accepted(part)), answer.replay()))
                .toList();
    }

    private static Answer.Result accepted(Sending part) {
        return new Answer.Result(part.user(), "", "accepted", "", 0);
    }
}
