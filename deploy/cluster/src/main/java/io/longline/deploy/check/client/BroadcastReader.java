package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.BroadcastSending;
import io.longline.deploy.check.history.BroadcastState;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the HTTP API answers of broadcasts. */
final class BroadcastReader {
    private static final Set<String> STATES =
            Set.of("queued", "running", "paused", "holding", "done", "cancelled", "failed");
    private static final List<String> COUNTS = List.of("targeted", "sent", "acked");

    private BroadcastReader() {}

    /**
     * An answer.
     *
     * @param job null: it is an error
     * @param id of the job, empty where it is an error
     */
    record Told(Answer answer, @Nullable BroadcastState job, String id) {}

    static Told told(HttpResponse<byte[]> response, BroadcastSending send) {
        Optional<JsonNode> body = AnswerReader.parse(response);
        if (body.isEmpty()) {
            return new Told(AnswerReader.malformed(response.statusCode(), "not JSON"), null, "");
        }
        if (response.statusCode() / 100 != 2) {
            return new Told(AnswerReader.problem(response, body.get()), null, "");
        }
        JsonNode json = body.get();
        BroadcastState job = new BroadcastState(
                json.path("state").asText(),
                json.path("reason").asText(),
                json.path("offset").asLong(-1),
                json.path("targeted").asLong(-1),
                json.path("sent").asLong(-1),
                json.path("acked").asLong(-1),
                json.path("skipped").asLong(-1),
                inRooms(json, "left"));
        @Nullable String wrong = isSound(json, job, send) ? null : json.toString();
        String id = json.path("message_id").asText();
        Answer answer = new Answer(response.statusCode(), id, List.of(), AnswerReader.isReplay(response), null, wrong);
        return new Told(answer, job, json.path("job_id").asText());
    }

    private static boolean isSound(JsonNode json, BroadcastState job, BroadcastSending send) {
        return !json.path("job_id").asText().isEmpty()
                && !json.path("message_id").asText().isEmpty()
                && STATES.contains(job.state())
                && json.path("topic").asText().equals(send.topic())
                && job.offset() >= 0
                && job.skipped() >= 0
                && COUNTS.stream()
                        .allMatch(count -> json.path(count).isIntegralNumber()
                                && json.path(count).asLong() == inRooms(json, count));
    }

    private static long inRooms(JsonNode json, String count) {
        long sum = 0;
        for (JsonNode room : json.path("per_room")) {
            sum += room.path(count).asLong();
        }
        return sum;
    }

    /** Of {@code DELETE} of its message. */
    static Answer recalled(HttpResponse<byte[]> response) {
        return AnswerReader.message(response);
    }
}
