package io.longline.deploy.command;

import io.longline.keeper.token.ClientTokens;
import io.longline.keeper.token.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code longline token}. */
@Command(name = "token", description = "Prints a client token, signed with the product's client secret from ZooKeeper.")
final class TokenCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterAddress address = new ClusterAddress();

    @Option(names = "--product", required = true, paramLabel = "P")
    private String product = "";

    @Option(names = "--user", required = true, paramLabel = "U")
    private String user = "";

    @Option(names = "--device", paramLabel = "D", description = "Binds the token to one device.")
    private @Nullable String device;

    @Option(names = "--topics", paramLabel = "PATTERN", description = "Topics it may follow; repeatable.")
    private List<String> topics = List.of();

    @Option(
            names = "--ttl",
            paramLabel = "PERIOD",
            converter = PeriodConverter.class,
            defaultValue = "1h",
            description = "How long it is good: 90s, 15m, 1h, 7d (${DEFAULT-VALUE}).")
    private Duration ttl = Duration.ZERO;

    @Override
    public Integer call() {
        try (ClusterAccess cluster = address.open()) {
            TokenRequest request = new TokenRequest(user, device, topics, ttl);
            spec.commandLine().getOut().println(ClientTokens.issue(cluster.product(product), request, Instant.now()));
            return 0;
        }
    }
}
