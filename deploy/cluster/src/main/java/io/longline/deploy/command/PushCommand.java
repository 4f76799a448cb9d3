package io.longline.deploy.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.time.Duration;
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
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterAddress address = new ClusterAddress();

    @Mixin
    private final ProductApi api = new ProductApi();

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

    @Parameters(paramLabel = "TEXT", description = "What the client gets.")
    private String text = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ClusterAccess cluster = address.open()) {
            return api.post(cluster, "/v1/messages:send", body(), spec.commandLine());
        }
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
