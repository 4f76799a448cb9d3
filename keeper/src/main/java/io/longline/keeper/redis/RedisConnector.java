package io.longline.keeper.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.longline.keeper.error.LonglineException;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes {@link RedisLink}s. lettuce neither connects again nor repeats a command by itself. */
final class RedisConnector implements AutoCloseable {

    private static final int IO_THREADS = 2;
    /** lettuce's own bound, for callers that send several commands as one: the store's comes first. */
    private static final int REQUEST_LIMIT = 4 * RedisStore.IN_FLIGHT.requests();

    private final RedisConfig config;
    private final ClientResources resources;
    private final RedisClient client;

    /** {@code onDrop} runs on a thread of lettuce's each time a connection was lost. */
    RedisConnector(RedisConfig config, Runnable onDrop) {
        this.config = config;
        resources = ClientResources.builder()
                .ioThreadPoolSize(IO_THREADS)
                .computationThreadPoolSize(IO_THREADS)
                .nettyCustomizer(new RedisWrites())
                .build();
        client = RedisClient.create(resources);
        client.setOptions(options(config.timeout()));
        client.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                onDrop.run();
            }
        });
    }

    /** For the ends of calls. */
    Timer timer() {
        return resources.timer();
    }

    /**
     * Blocks, at most about twice the timeout. Refused are a Redis that still loads its data, as it serves nobody, and a
     * replica outside of a cluster.
     */
    RedisLink connect(RedisURI uri) {
        RedisURI timed = RedisURI.builder(uri).withTimeout(config.timeout()).build();
        StatefulRedisConnection<String, byte[]> connection =
                client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), timed);
        try {
            RedisFacts facts = RedisFacts.of(connection.sync().info());
            if (facts.loading()) {
                throw LonglineException.dependencyDown("redis", "Redis is loading its data", null);
            }
            if (facts.replica() && !facts.cluster()) {
                throw LonglineException.dependencyDown("redis", "Redis is a replica", null);
            }
            return new RedisLink(connection, uri.getHost(), facts, config.timeout());
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

    /** Without lettuce's time-outs: they forget a command that Redis still has to answer, and that still takes memory. */
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
                .build();
    }
}
