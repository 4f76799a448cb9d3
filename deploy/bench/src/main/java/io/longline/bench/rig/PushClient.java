package io.longline.bench.rig;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalInt;

/** A back end's pushes over HTTP. Any thread. */
public final class PushClient implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final String authorization;
    private final Duration answerWithin;

    /** For the product of this header; an answer that takes longer is none. */
    public PushClient(String authorization, Duration answerWithin) {
        this.authorization = authorization;
        this.answerWithin = answerWithin;
    }

    /** The status of the answer; empty where there was none in time. */
    public OptionalInt push(URI center, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(center.resolve("/v1/messages:send"))
                .timeout(answerWithin)
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            return OptionalInt.of(http.send(request, BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
