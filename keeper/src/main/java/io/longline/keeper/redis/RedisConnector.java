package io.longline.keeper.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes {@link RedisLink}s. lettuce neither connects again nor repeats a command by itself. */
final class RedisConnector implements AutoCloseable {

    private static final String RUN_ID = "run_id:";
    private static final String LOADING = "loading:1";
    private static final int IO_THREADS = 2;
    /** lettuce's own bound, for callers that send several commands as one: the store's comes first. */
    private static final int REQUEST_LIMIT = 4 * RedisStore.IN_FLIGHT_LIMIT;

    private final RedisConfig config;
    private final ClientResources resources;
    private final RedisClient client;

    /** {@code onDrop} runs on a thread of lettuce's each time a connection was lost. */
    RedisConnector(RedisConfig config, Runnable onDrop) {
        this.config = config;
        resources = ClientResources.builder()
                .ioThreadPoolSize(IO_THREADS)
                .computationThreadPoolSize(IO_THREADS)
                .build();
        RedisURI uri = RedisURI.create(config.uri());
        uri.setTimeout(config.timeout());
        client = RedisClient.create(resources, uri);
        client.setOptions(options(config.timeout()));
        client.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                onDrop.run();
            }
        });
    }

    /** Blocks, at most about three times the timeout. A Redis that still loads its data is refused, as it serves nobody. */
    RedisLink connect() {
        StatefulRedisConnection<String, byte[]> connection =
                client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        try {
            if (connection.sync().info("persistence").contains(LOADING)) {
                throw LonglineException.dependencyDown("redis", "Redis is loading its data", null);
            }
            return new RedisLink(connection, runId(connection.sync().info("server")), config.timeout());
        } catch (RuntimeException e) {
            var _ = connection.closeAsync();
            throw e;
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, config.timeout());
        resources
                .shutdown(0, config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }

    private static String runId(String serverSection) {
        return serverSection
                .lines()
                .filter(line -> line.startsWith(RUN_ID))
                .map(line -> line.substring(RUN_ID.length()).strip())
                .findFirst()
                .orElseThrow(() -> new LonglineException(ErrorCode.INTERNAL, "INFO server tells no run_id"));
    }

    private static ClientOptions options(Duration timeout) {
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP2)
                .requestQueueSize(REQUEST_LIMIT)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .build();
    }
}
