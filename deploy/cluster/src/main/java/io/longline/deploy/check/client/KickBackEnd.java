package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Kick;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Back ends that end sessions. Any thread. */
public final class KickBackEnd {
    private static final long JOB_WITHIN = TimeUnit.SECONDS.toNanos(150);
    private static final long LOOK_EACH = TimeUnit.MILLISECONDS.toNanos(300);

    private final History history;
    private final Tally tally;
    private final Centers centers;

    public KickBackEnd(History history, Tally tally, Centers centers) {
        this.history = history;
        this.tally = tally;
        this.centers = centers;
    }

    /** Kicks the one user of it, as often as need be until it is answered. */
    public void kick(Kick kick, int first) {
        String user = kick.users().iterator().next();
        ObjectNode body = body(kick);
        if (kick.device() != null) {
            body.put("device", kick.device());
        }
        long begunAt = history.calls().kickBegun(kick);
        boolean done = false;
        boolean again = true;
        for (int attempt = 1; again && attempt <= Centers.MOST_ATTEMPTS; attempt++) {
            Optional<Answer> answer = post(kick, "/v1/users/" + user + ":kick", body, first + attempt - 1)
                    .map(AnswerReader::kicked);
            done = answer.filter(Answer::isSuccess).isPresent();
            again = answer.isEmpty() || !Centers.isDone(answer.get(), false);
            if (again) {
                Centers.pause(answer.stream().toList(), attempt);
            }
        }
        history.calls().kickOver(kick, begunAt, done);
    }

    private static ObjectNode body(Kick kick) {
        return Json.object()
                .put("reason", kick.reason())
                .put("block_s", kick.block().toSeconds());
    }

    /** Asks once for a job that kicks many, and waits until it is done. */
    public void kickMany(Kick kick, int first) {
        ObjectNode body = body(kick);
        kick.users().forEach(body.putArray("users")::add);
        long begunAt = history.calls().kickBegun(kick);
        boolean done = post(kick, "/v1/users:batchKick", body, first)
                .filter(response -> AnswerReader.kicking(response).isSuccess())
                .map(response -> Json.parse(response.body()).path("job_id").asText())
                .filter(job -> isDone(kick, job, first))
                .isPresent();
        history.calls().kickOver(kick, begunAt, done);
    }

    /** Users of whom no device is known are skipped, and not blocked; which of them is not told. */
    private boolean isDone(Kick kick, String id, int first) {
        long until = System.nanoTime() + JOB_WITHIN;
        for (int attempt = 0; System.nanoTime() < until; attempt++) {
            try {
                HttpResponse<byte[]> response =
                        centers.exchange(centers.request(kick.product(), centers.at(first + attempt), "/v1/jobs/" + id)
                                .GET()
                                .build());
                JsonNode job = Json.parse(response.body());
                if (job.path("state").asText().equals("done")) {
                    return job.path("skipped").asLong() == 0;
                }
            } catch (IOException | LonglineException e) {
                tally.count("look at a kicking job: no answer");
            }
            LockSupport.parkNanos(LOOK_EACH);
        }
        return false;
    }

    private Optional<HttpResponse<byte[]>> post(Kick kick, String path, ObjectNode body, int number) {
        Place center = centers.at(number);
        long begunAt = history.time();
        try {
            HttpResponse<byte[]> response = centers.exchange(centers.request(kick.product(), center, path)
                    .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                    .build());
            Answer answer = path.endsWith(":kick") ? AnswerReader.kicked(response) : AnswerReader.kicking(response);
            history.calls().kickAnswered(kick, center.instance(), begunAt, answer);
            tally.count("kick: ", answer);
            return Optional.of(response);
        } catch (IOException e) {
            history.calls().kickUnanswered(kick, center.instance(), begunAt, Centers.isRefused(e));
            tally.count("kick: no answer");
            return Optional.empty();
        }
    }
}
