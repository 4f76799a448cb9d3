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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code longline push}: one push over the HTTP API. */
@Command(name = "push", description = "Pushes a text to a user over the HTTP API and prints the answer.")
final class PushCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterAddress address = new ClusterAddress();

    @Option(names = "--product", required = true, paramLabel = "P")
    private String product = "";

    @Option(names = "--user", required = true, paramLabel = "U")
    private String user = "";

    @Option(names = "--device", paramLabel = "D", description = "Only to this device; default: to all of the user's.")
    private @Nullable String device;

    @Option(names = "--message-id", paramLabel = "ID", description = "Repeating it within 24 h has no second effect.")
    private @Nullable String messageId;

    @Option(
            names = "--ttl",
            paramLabel = "PERIOD",
            converter = PeriodConverter.class,
            description = "How long it is worth delivering: 0s (now or never) to 30d; default 1d.")
    private @Nullable Duration ttl;

    @Option(
            names = "--wait",
            paramLabel = "PERIOD",
            converter = PeriodConverter.class,
            description = "Answer when every device acknowledged it, or after this, up to 10s.")
    private @Nullable Duration wait;

    @Mixin
    private final ProductSecret secret = new ProductSecret();

    @Parameters(paramLabel = "TEXT", description = "What the client gets.")
    private String text = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ClusterAccess cluster = address.open();
                HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = send(http, secret.authorization(product), cluster.allHttp("center"));
            boolean success = response.statusCode() / 100 == 2;
            (success ? spec.commandLine().getOut() : spec.commandLine().getErr()).println(response.body());
            return success ? 0 : 1;
        }
    }

    /** To the first center that takes the connection: one that died a moment ago is a member still. */
    private HttpResponse<String> send(HttpClient http, String authorization, List<URI> centers)
            throws IOException, InterruptedException {
        ConnectException last = new ConnectException("no center");
        for (URI center : centers) {
            HttpRequest request = HttpRequest.newBuilder(center.resolve("/v1/messages:send"))
                    .timeout(TIMEOUT)
                    .header("Authorization", authorization)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(Json.bytes(body())))
                    .build();
            try {
                return http.send(request, BodyHandlers.ofString());
            } catch (ConnectException e) {
                last = e;
            }
        }
        throw new ClusterException("no center can be reached, the last one at " + centers.getLast(), last);
    }

    private ObjectNode body() {
        ObjectNode body = Json.object();
        if (messageId != null) {
            body.put("message_id", messageId);
        }
        ObjectNode target = body.putObject("target").put("user", user);
        if (device != null) {
            target.put("device", device);
        }
        body.put("payload", text);
        ObjectNode options = body.putObject("options");
        if (ttl != null) {
            options.put("ttl_s", ttl.toSeconds());
        }
        if (wait != null) {
            options.put("wait_ms", wait.toMillis());
        }
        return body;
    }
}
