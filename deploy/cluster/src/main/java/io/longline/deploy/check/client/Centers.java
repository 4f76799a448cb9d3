package io.longline.deploy.check.client;

import io.longline.deploy.check.history.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The centers of a run, as back ends of its products speak to them. Any thread. */
public final class Centers implements AutoCloseable {
    /** A back end gives up after so many attempts. */
    static final int MOST_ATTEMPTS = 60;

    private static final Duration REQUEST = Duration.ofSeconds(20);
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(15))
            .build();
    private final List<Place> places;
    private final Map<String, Tenant> tenants;

    /** @param tenants by product */
    public Centers(List<Place> places, Map<String, Tenant> tenants) {
        this.places = List.copyOf(places);
        this.tenants = Map.copyOf(tenants);
    }

    /** One of them; numbers go round. */
    Place at(int number) {
        return places.get(Math.floorMod(number, places.size()));
    }

    Tenant tenant(String product) {
        Tenant tenant = tenants.get(product);
        if (tenant == null) {
            throw new IllegalArgumentException("no product " + product);
        }
        return tenant;
    }

    HttpRequest.Builder request(String product, Place center, String path) {
        return HttpRequest.newBuilder(center.http().resolve(path))
                .timeout(REQUEST)
                .header("Authorization", tenant(product).authorization());
    }

    HttpResponse<byte[]> exchange(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Nobody listened there, so that it certainly did not happen. */
    static boolean isRefused(IOException e) {
        return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
    }

    /** Nothing would be gained by another attempt. */
    static boolean isDone(Answer answer, boolean limited) {
        return answer.status() != 503 && (answer.status() != 429 || (limited && answer.isOverLimit()));
    }

    /** As long as it is told, and longer each time: what is away for a minute is not to be asked all the time. */
    static void pause(List<Answer> answers, int attempt) {
        long ms = answers.stream()
                .flatMap(answer -> Optional.ofNullable(answer.error()).stream())
                .mapToLong(Answer.Problem::retryAfterMs)
                .max()
                .orElse(200);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.clamp(ms * attempt, 50, LONGEST_PAUSE_MS)));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
