package io.longline.deploy.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code longline kick}: ends a user's sessions over the HTTP API. */
@Command(
        name = "kick",
        description =
                "Ends the sessions of a user, or of one device, and keeps them out for a time; prints the answer.")
final class KickCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterAddress address = new ClusterAddress();

    @Mixin
    private final ProductApi api = new ProductApi();

    @Option(names = "--user", required = true, paramLabel = "U")
    private String user = "";

    @Option(names = "--device", paramLabel = "D", description = "Only this device; default: all of the user's.")
    private @Nullable String device;

    @Option(names = "--reason", paramLabel = "R", description = "What clients are told; default: kicked.")
    private @Nullable String reason;

    @Option(
            names = "--block",
            paramLabel = "PERIOD",
            converter = PeriodConverter.class,
            description =
                    "For how long they may not come back, up to 30d; default 0s, which also ends an earlier block.")
    private Duration block = Duration.ZERO;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ClusterAccess cluster = address.open()) {
            String name = URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20");
            return api.post(cluster, "/v1/users/" + name + ":kick", body(), spec.commandLine());
        }
    }

    private ObjectNode body() {
        ObjectNode body = Json.object();
        if (device != null) {
            body.put("device", device);
        }
        if (reason != null) {
            body.put("reason", reason);
        }
        return body.put("block_s", block.toSeconds());
    }
}
