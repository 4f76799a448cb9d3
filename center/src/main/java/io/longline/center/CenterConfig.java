package io.longline.center;

import io.longline.center.due.DueConfig;
import io.longline.center.job.JobConfig;
import io.longline.center.place.PlaceConfig;
import io.longline.center.sweep.SweepConfig;
import io.longline.center.topic.TopicConfig;
import io.longline.center.unicast.UnicastConfig;
import io.longline.center.uplink.PullConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.http.HttpConfig;
import io.longline.keeper.life.ServiceConfig;
import io.longline.keeper.rpc.RpcConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything that center can be told.
 *
 * @param service what every service is told
 * @param http where the API listens
 * @param rpc the limits of calls to saver, register and room; center serves none
 * @param patience how long a request may take, but for the {@code wait_ms} that it asks for
 * @param unicast how long of that a push may be held up by what comes behind the store
 * @param limits of what is under way at the same moment
 * @param places what is remembered of where endpoints are
 */
public record CenterConfig(
        ServiceConfig service,
        HttpConfig http,
        RpcConfig rpc,
        Duration patience,
        UnicastConfig unicast,
        Limits limits,
        PlaceConfig places,
        SweepConfig sweep,
        DueConfig schedule,
        JobConfig jobs,
        TopicConfig topics,
        PullConfig pulls) {

    private static final int DEFAULT_PORT = 7200;
    private static final int LEAST_SECRET = 8;

    /**
     * What is under way at the same moment.
     *
     * @param requestsPerProduct beyond: 429
     * @param journaledRequests of all products with durability {@code mysql}; beyond: 503
     * @param lists of all products: multicasts and batches; beyond: 503
     * @param hintsPerRoom beyond, a push is answered as if the room had not answered
     */
    public record Limits(int requestsPerProduct, int journaledRequests, int lists, int hintsPerRoom) {

        static Limits read(ConfigReader reader) {
            return new Limits(
                    reader.integer("center.max-requests-per-product", 2048, 1, 1_000_000),
                    reader.integer("center.max-requests-mysql", 3072, 1, 1_000_000),
                    reader.integer("center.max-lists", 256, 1, 1_000_000),
                    reader.integer("center.max-hints-per-room", 1024, 1, 1_000_000));
        }
    }

    /** Followed in ZooKeeper while center runs, and kept nowhere else. */
    public static Optional<String> readOperatorSecret(ConfigReader reader) {
        Optional<String> secret = reader.optionalText("operator.secret");
        if (secret.isPresent() && secret.get().length() < LEAST_SECRET) {
            reader.problem("operator.secret", "at least " + LEAST_SECRET + " characters");
        }
        return secret;
    }

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    public static CenterConfig read(ConfigReader reader) {
        var _ = readOperatorSecret(reader); // looked at with all the others, though it is followed alone
        CenterConfig config = new CenterConfig(
                ServiceConfig.read(reader, "center"),
                HttpConfig.read(reader, "center", DEFAULT_PORT),
                RpcConfig.read(reader),
                reader.duration("center.patience", "5s"),
                UnicastConfig.read(reader),
                Limits.read(reader),
                PlaceConfig.read(reader),
                SweepConfig.read(reader),
                DueConfig.read(reader),
                JobConfig.read(reader),
                TopicConfig.read(reader),
                PullConfig.read(reader));
        reader.finish();
        return config;
    }
}
