package io.longline.deploy.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.service.RunningService;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits until the parts of a cluster say that they are ready. */
public final class Readiness implements AutoCloseable {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(1))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    /** What the dispatcher puts into one answer, however many rooms there are. */
    private static final int ROOMS_OF_AN_ANSWER = 8;

    private final Duration limit;
    private final Runnable proceed;

    /**
     * Creates one.
     *
     * @param limit for each part, then a {@link ClusterException} says what it said last
     * @param proceed called again and again; throws when the waiting is to end
     */
    public Readiness(Duration limit, Runnable proceed) {
        this.limit = limit;
        this.proceed = proceed;
    }

    void await(RunningService service) {
        await(service.instance(), service.admin());
    }

    /** Until the instance says at its admin port that it is ready. */
    public void await(String instance, int admin) {
        URI uri = URI.create("http://127.0.0.1:" + admin + "/readyz");
        await(instance, uri, response -> response.statusCode() == 200);
    }

    /** Until the dispatcher sends clients to every room, or to as many as it tells of. */
    public void awaitDispatch(URI dispatcher, int rooms) {
        URI uri = dispatcher.resolve("/v1/dispatch?product=" + DemoProduct.ID + "&user=readiness");
        await(
                "the dispatcher's list of rooms",
                uri,
                response -> response.statusCode() == 200 && rooms(response) >= Math.min(rooms, ROOMS_OF_AN_ANSWER));
    }

    private static int rooms(HttpResponse<byte[]> response) {
        try {
            JsonNode answer = Json.parse(response.body());
            return answer.path("rooms").size();
        } catch (LonglineException e) {
            return 0;
        }
    }

    private void await(String what, URI uri, Predicate<HttpResponse<byte[]>> ready) {
        long until = System.nanoTime() + limit.toNanos();
        String last = "no answer";
        while (System.nanoTime() - until < 0) {
            proceed.run();
            try {
                HttpRequest request = HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(2))
                        .build();
                HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
                if (ready.test(response)) {
                    return;
                }
                last = response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                last = e.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while waiting for " + what, e);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new ClusterException(
                what + " was not ready within " + limit.toSeconds() + " s; " + uri + " said: " + last);
    }

    @Override
    public void close() {
        http.close();
    }
}
