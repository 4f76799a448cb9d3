package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.check.history.Answer;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Sending;
import io.longline.deploy.check.history.Stamp;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The back ends of all products: they send, look, recall, and try again with the same id what was not answered with success. Calls block;
 * any thread may call.
 */
public final class BackEnd implements AutoCloseable {
    private static final Duration REQUEST = Duration.ofSeconds(20);
    private static final int MOST_ATTEMPTS = 60;

    /** By so many characters another body is longer. */
    private static final int OTHER = 20;

    private static final long LONGEST_PAUSE_MS = 5_000;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(15))
            .build();
    private final History history;
    private final Tally tally;
    private final List<Place> centers;
    private final Map<String, Tenant> tenants;

    /** @param tenants by product */
    public BackEnd(History history, Tally tally, List<Place> centers, Map<String, Tenant> tenants) {
        this.history = history;
        this.tally = tally;
        this.centers = List.copyOf(centers);
        this.tenants = Map.copyOf(tenants);
    }

    /**
     * Sends until it is answered with success: where it has an id, as often as need be, at one center after the other; where it
     * has none, once.
     *
     * @param first which center is asked first
     * @param size of the payload
     * @return its id; empty where there was no success
     */
    public Optional<String> send(Sending send, int first, int size) {
        byte[] body = body(send, Stamp.of(send).text(size));
        Optional<Answer> last = Optional.empty();
        boolean again = true;
        for (int attempt = 1; again && attempt <= MOST_ATTEMPTS; attempt++) {
            Place center = centers.get((first + attempt - 1) % centers.size());
            last = attempt(send, attempt, center, body);
            again = send.messageId() != null && last.filter(BackEnd::isDone).isEmpty();
        }
        Optional<String> id = last.filter(Answer::isSuccess).map(Answer::messageId);
        tally.count(id.isPresent() ? "sends done" : "sends given up");
        history.sendOver(send);
        return id;
    }

    private static boolean isDone(Answer answer) {
        return answer.status() != 503 && answer.status() != 429;
    }

    private Optional<Answer> attempt(Sending send, int attempt, Place center, byte[] body) {
        long begunAt = history.sendBegun(send, attempt, center.instance());
        try {
            Answer answer = exchange(request(send, center, "/v1/messages:send")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build());
            history.answered(send, attempt, center.instance(), begunAt, answer);
            count("send", answer);
            if (answer.isSuccess()) {
                tally.latency(history.time() - begunAt);
            } else {
                pause(answer, attempt);
            }
            return Optional.of(answer);
        } catch (IOException e) {
            boolean refused = e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
            history.unanswered(send, attempt, center.instance(), begunAt, refused, e.toString());
            tally.count("send: no answer");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            return Optional.empty();
        }
    }

    /** As long as it is told, and longer each time: what is away for a minute is not to be asked all the time. */
    private static void pause(Answer answer, int attempt) {
        long ms = Optional.ofNullable(answer.error())
                .map(Answer.Problem::retryAfterMs)
                .orElse(0L);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.clamp(ms * attempt, 50, LONGEST_PAUSE_MS)));
    }

    /** Sends a message once more that was answered with success; nothing must happen. */
    public void repeat(Sending send, int center, int size) {
        byte[] body = body(send, Stamp.of(send).text(size));
        attempt(send, MOST_ATTEMPTS + 1, centers.get(center % centers.size()), body);
        history.sendOver(send);
    }

    /** Sends another body under an id that was answered with success. */
    public void contradict(Sending send, int first, int size) {
        Place center = centers.get(first % centers.size());
        long begunAt = history.time();
        byte[] body = body(send, Stamp.of(send).text(size + OTHER));
        history.contradictBegun(send, center.instance());
        try {
            Answer answer = exchange(request(send, center, "/v1/messages:send")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build());
            history.contradicted(send, center.instance(), begunAt, answer);
            count("contradict", answer);
        } catch (IOException e) {
            tally.count("contradict: no answer");
        }
    }

    /** Asks what became of it. */
    public void look(Sending send, String id, int first) {
        Place center = centers.get(first % centers.size());
        long begunAt = history.time();
        try {
            Answer answer =
                    exchange(request(send, center, "/v1/messages/" + id).GET().build());
            history.looked(send, center.instance(), begunAt, answer);
            count("look", answer);
        } catch (IOException e) {
            tally.count("look: no answer");
        }
    }

    /** Recalls it. */
    public void recall(Sending send, String id, int first) {
        Place center = centers.get(first % centers.size());
        long begunAt = history.time();
        history.recallBegun(send, center.instance());
        try {
            Answer answer = exchange(
                    request(send, center, "/v1/messages/" + id).DELETE().build());
            history.recalled(send, center.instance(), begunAt, answer);
            count("recall", answer);
        } catch (IOException e) {
            tally.count("recall: no answer");
        }
    }

    private void count(String what, Answer answer) {
        String reason = answer.error() == null ? "" : " " + answer.error().reason();
        tally.count(what + ": " + answer.status() + reason);
    }

    private HttpRequest.Builder request(Sending send, Place center, String path) {
        Tenant tenant = tenants.get(send.product());
        if (tenant == null) {
            throw new IllegalArgumentException("no product " + send.product());
        }
        return HttpRequest.newBuilder(center.http().resolve(path))
                .timeout(REQUEST)
                .header("Authorization", tenant.authorization());
    }

    private Answer exchange(HttpRequest request) throws IOException {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            return AnswerReader.read(response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static byte[] body(Sending send, String payload) {
        ObjectNode body = Json.object();
        if (send.messageId() != null) {
            body.put("message_id", send.messageId());
        }
        ObjectNode target = body.putObject("target").put("user", send.user());
        if (send.device() != null) {
            target.put("device", send.device());
        }
        body.put("payload", payload);
        ObjectNode options = body.putObject("options")
                .put("qos", send.qos())
                .put("ttl_s", send.ttl().toSeconds());
        if (send.collapseKey() != null) {
            options.put("collapse_key", send.collapseKey());
        }
        return Json.bytes(body);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
