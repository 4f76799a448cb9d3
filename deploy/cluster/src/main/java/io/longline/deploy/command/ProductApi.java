package io.longline.deploy.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The HTTP API as a product uses it, for commands that do one thing with it. */
final class ProductApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Option(names = "--product", required = true, paramLabel = "P")
    private String product = "";

    @Mixin
    private final ProductSecret secret = new ProductSecret();

    /** Prints the answer, an error to the error stream; answers the exit code. */
    int post(ClusterAccess cluster, String path, ObjectNode body, CommandLine line)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = send(http, cluster.allHttp("center"), path, body);
            boolean success = response.statusCode() / 100 == 2;
            (success ? line.getOut() : line.getErr()).println(response.body());
            return success ? 0 : 1;
        }
    }

    /** To the first center that takes the connection: one that died a moment ago is a member still. */
    private HttpResponse<String> send(HttpClient http, List<URI> centers, String path, ObjectNode body)
            throws IOException, InterruptedException {
        String authorization = secret.authorization(product);
        ConnectException last = new ConnectException("no center");
        for (URI center : centers) {
            HttpRequest request = HttpRequest.newBuilder(center.resolve(path))
                    .timeout(TIMEOUT)
                    .header("Authorization", authorization)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                    .build();
            try {
                return http.send(request, BodyHandlers.ofString());
            } catch (ConnectException e) {
                last = e;
            }
        }
        throw new ClusterException("no center can be reached, the last one at " + centers.getLast(), last);
    }
}
