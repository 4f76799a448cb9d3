package io.longline.deploy.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.cluster.ClusterException;
import io.longline.deploy.cluster.DemoProduct;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The HTTP API as a product uses it, for commands that do one thing with it. */
final class ProductApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Option(names = "--product", required = true, paramLabel = "P")
    private String product = "";

    @Option(
            names = "--secret",
            paramLabel = "S",
            description = "API secret of the product; default: LONGLINE_SECRET, and for demo the one that `up` made.")
    private @Nullable String secret;

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
        String credentials =
                Base64.getEncoder().encodeToString((product + ":" + apiSecret()).getBytes(StandardCharsets.UTF_8));
        ConnectException last = new ConnectException("no center");
        for (URI center : centers) {
            HttpRequest request = HttpRequest.newBuilder(center.resolve(path))
                    .timeout(TIMEOUT)
                    .header("Authorization", "Basic " + credentials)
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

    private String apiSecret() {
        return Optional.ofNullable(secret)
                .or(() -> Optional.ofNullable(System.getenv("LONGLINE_SECRET")))
                .or(() -> product.equals(DemoProduct.ID) ? Optional.of(DemoProduct.API_SECRET) : Optional.empty())
                .orElseThrow(() -> new ClusterException(
                        "the API secret of " + product + " is not known here: give --secret or set LONGLINE_SECRET"));
    }
}
