package io.longline.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Fetches uplinks of a group over the HTTP API, from whichever center answers; what may pass is tried again until it is told to stop. */
final class GroupConsumer {
    private static final int WAIT_MS = 20_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private final HttpClient http;
    private final Supplier<List<URI>> centers;
    private final String path;
    private final String authorization;
    private final CompletableFuture<Void> stop;
    private final Consumer<String> trouble;

    /**
     * A consumer.
     *
     * @param centers as they are now; throws {@link ClusterException} where there are none
     * @param access which group it is, and with what right
     * @param stop is done when nothing more is to be fetched
     * @param trouble is told of what is tried again
     */
    GroupConsumer(
            HttpClient http,
            Supplier<List<URI>> centers,
            Access access,
            CompletableFuture<Void> stop,
            Consumer<String> trouble) {
        this.http = http;
        this.centers = centers;
        this.path = access.path;
        this.authorization = access.authorization;
        this.stop = stop;
        this.trouble = trouble;
    }

    /** What it reads, and with what right. */
    record Access(String path, String authorization) {}

    /** Some uplinks, or none where there are none for a while, or where it is to stop. */
    List<ObjectNode> pull(int max, Duration lease) {
        ObjectNode body = Json.object().put("max", max).put("wait_ms", WAIT_MS).put("lease_ms", lease.toMillis());
        Optional<JsonNode> answer = askUntilStopped(":pull", body, stop);
        return answer.stream()
                .flatMap(json -> json.path("uplinks").valueStream())
                .map(uplink -> (ObjectNode) uplink)
                .toList();
    }

    /** They are safe. Once they are told to be it does not matter that it is to stop. */
    void finish(List<String> leaseIds) {
        ObjectNode body = Json.object();
        leaseIds.forEach(body.putArray("lease_ids")::add);
        Optional<JsonNode> _ = askUntilStopped(":finish", body, new CompletableFuture<>());
    }

    private Optional<JsonNode> askUntilStopped(String verb, ObjectNode body, CompletableFuture<Void> until) {
        Duration pause = FIRST_PAUSE;
        for (int i = 0; !until.isDone(); i++) {
            try {
                List<URI> known = centers.get();
                CompletableFuture<HttpResponse<String>> asked =
                        http.sendAsync(request(known.get(i % known.size()), verb, body), BodyHandlers.ofString());
                CompletableFuture.anyOf(asked, until).join();
                if (!asked.isDone()) {
                    asked.cancel(true);
                    return Optional.empty(); // what was given all the same comes back when its lease ends
                }
                HttpResponse<String> response = asked.join();
                if (response.statusCode() == OK) {
                    return Optional.of(Json.parse(response.body().getBytes(StandardCharsets.UTF_8)));
                }
                if (response.statusCode() != TOO_MANY && response.statusCode() < SERVER_ERROR) {
                    throw new ClusterException("center refuses: " + response.body());
                }
                trouble.accept(response.body());
            } catch (CompletionException e) {
                trouble.accept(String.valueOf(e.getCause()));
            } catch (NoCenterException | LonglineException e) {
                trouble.accept(String.valueOf(e.getMessage()));
            }
            pause(pause, until);
            pause = pause.multipliedBy(2).compareTo(MOST_PAUSE) < 0 ? pause.multipliedBy(2) : MOST_PAUSE;
        }
        return Optional.empty();
    }

    /** None is ready at the moment. */
    static final class NoCenterException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoCenterException(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    private HttpRequest request(URI center, String verb, ObjectNode body) {
        return HttpRequest.newBuilder(center.resolve(path + verb))
                .timeout(TIMEOUT)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
    }

    private static void pause(Duration time, CompletableFuture<Void> until) {
        until.copy()
                .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
