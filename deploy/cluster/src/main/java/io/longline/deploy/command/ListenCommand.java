package io.longline.deploy.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.deploy.cluster.ClusterException;
import io.longline.keeper.http.Json;
import io.longline.keeper.id.Ids;
import io.longline.keeper.token.ClientTokens;
import io.longline.keeper.token.TokenRequest;
import io.longline.sdk.ConnectionListener;
import io.longline.sdk.LonglineBuilder;
import io.longline.sdk.LonglineClient;
import io.longline.sdk.Message;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code longline listen}: a client on the SDK. Messages go to standard output, what happens to the connection to standard error. */
@Command(
        name = "listen",
        description = "Listens as a client: prints each message as one JSON line and acknowledges it, until Ctrl-C.")
final class ListenCommand implements Callable<Integer> {
    private static final Duration TOKEN_TTL = Duration.ofHours(1);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterAddress address = new ClusterAddress();

    @Option(names = "--product", required = true, paramLabel = "P")
    private String product = "";

    @Option(names = "--user", required = true, paramLabel = "U")
    private String user = "";

    @Option(names = "--device", paramLabel = "D", description = "Default: default.")
    private @Nullable String device;

    @Option(names = "--token", paramLabel = "T", description = "Default: one signed with the product's client secret.")
    private @Nullable String token;

    @Option(
            names = "--topic",
            paramLabel = "T",
            description = "Follows this topic too; repeatable. Broadcasts come by themselves.")
    private List<String> topics = List.of();

    @Option(names = "--count", paramLabel = "N", description = "Ends after so many messages.")
    private int count;

    /** Done with the exit code; by the client's threads. */
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    private int printed;

    @Override
    public Integer call() {
        Ids.require("user", user);
        if (device != null) {
            Ids.require("device", device);
        }
        topics.forEach(topic -> Ids.require("topic", topic));
        try (ClusterAccess cluster = address.open();
                LonglineClient client = client(cluster)) {
            Thread closing = new Thread(client::close, "close");
            Runtime.getRuntime().addShutdownHook(closing);
            topics.forEach(client.topics()::follow);
            client.start();
            return end.join();
        }
    }

    private LonglineClient client(ClusterAccess cluster) {
        cluster.product(product); // its absence is told now, and by name
        if (token == null) {
            issue(cluster); // likewise what keeps it from having one
        }
        LonglineBuilder builder = LonglineClient.builder()
                .dispatcher(cluster.http("dispatcher").toString())
                .product(product)
                .user(user)
                .token(() -> token != null ? token : issue(cluster))
                .listener(this::print)
                .connectionListener(new Progress());
        if (device != null) {
            builder.device(device);
        }
        return builder.build();
    }

    private String issue(ClusterAccess cluster) {
        TokenRequest request = new TokenRequest(user, device, topics, TOKEN_TTL);
        return ClientTokens.issue(cluster.product(product), request, Instant.now());
    }

    /** What it throws for stays unacknowledged. */
    private void print(Message message) {
        if (end.isDone()) {
            throw new ClusterException("it has ended");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(new String(Json.bytes(json(message)), StandardCharsets.UTF_8));
        if (out.checkError() || System.out.checkError()) {
            end.complete(1);
            throw new ClusterException("nobody reads what is printed");
        }
        if (++printed == count) {
            end.complete(0);
        }
    }

    private static ObjectNode json(Message message) {
        ObjectNode json = Json.object().put("product", message.product()).put("user", message.user());
        String topic = message.topic();
        if (topic == null) {
            json.put("seq", message.seq());
        } else {
            json.put("topic", topic).put("offset", message.offset());
        }
        json.put("message_id", message.messageId());
        String text = message.text();
        byte[] data = message.data();
        if (text != null) {
            json.put("text", text);
        } else if (data != null) {
            json.put("data", Base64.getEncoder().encodeToString(data));
        }
        if (message.notifyOnly()) {
            json.put("notify_only", true).put("spread_s", message.spreadS());
        }
        String pullKey = message.pullKey();
        if (pullKey != null) {
            json.put("pull_key", pullKey);
        }
        String collapseKey = message.collapseKey();
        if (collapseKey != null) {
            json.put("collapse_key", collapseKey);
        }
        return json.put("sent_at_ms", message.sentAtMs())
                .put("ttl_ms", message.ttlMs())
                .put("priority", message.priority())
                .put("qos", message.qos())
                .put("maybe_repeated", message.maybeRepeated());
    }

    private final class Progress implements ConnectionListener {

        @Override
        public void onConnected(String room) {
            say("connected to " + room);
        }

        @Override
        public void onCaughtUp(String theProduct, String theUser, long seq) {
            say("caught up, waiting for more");
        }

        @Override
        public void onFollowing(String theProduct, String theUser, String topic, long offset) {
            say("follows " + topic + ", from behind offset " + offset);
        }

        @Override
        public void onGap(String theProduct, String theUser, String topic, long firstOffset) {
            say("messages of " + topic + " are gone, the first that is kept has offset " + firstOffset);
        }

        @Override
        public void onTopicRefused(String theProduct, String theUser, String topic, String reason, String message) {
            say("topic " + topic + ": " + reason + ": " + message);
        }

        @Override
        public void onUnbound(String theProduct, String theUser, int code, String reason, boolean comesBack) {
            say("unbound: " + code + " " + reason);
        }

        @Override
        public void onClosed(int code, String reason, boolean comesBack) {
            say("connection ended: " + (code == 0 ? "" : code + " ") + reason + (comesBack ? ", coming back" : ""));
            if (!comesBack) {
                end.complete(1);
            }
        }

        @Override
        public void onFailed(Throwable problem) {
            if (!end.isDone()) {
                say("problem: " + problem);
            }
        }

        private void say(String what) {
            spec.commandLine().getErr().println("longline: " + what);
        }
    }
}
