package io.longline.keeper.rpc;

import io.longline.keeper.pool.BoundedPool;
import io.longline.keeper.pool.FullPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the streams of one server share: the bounds, the metrics, and the end. */
final class ServerWork {
    private final RpcConfig config;
    private final MeterRegistry metrics;
    private final BoundedPool batches;
    private final BoundedPool streams;
    private final Set<BatchStream<?, ?>> open = ConcurrentHashMap.newKeySet();

    ServerWork(RpcConfig config, MeterRegistry metrics) {
        this.config = config;
        this.metrics = metrics;
        batches = new BoundedPool("rpc-batches", config.incoming().batches(), FullPolicy.REJECT, metrics);
        streams = new BoundedPool("rpc-streams", config.incoming().streams(), FullPolicy.REJECT, metrics);
    }

    RpcConfig config() {
        return config;
    }

    BoundedPool batches() {
        return batches;
    }

    BoundedPool streams() {
        return streams;
    }

    Timer timer(BatchMethod<?, ?> method) {
        return Timer.builder("longline.rpc.server.batch")
                .description("time that a batch was worked on")
                .tag("method", method.name())
                .register(metrics);
    }

    void opened(BatchStream<?, ?> stream) {
        open.add(stream);
    }

    void ended(BatchStream<?, ?> stream) {
        open.remove(stream);
    }

    void drain() {
        batches.close();
        streams.close();
    }

    void awaitIdle(Duration time) {
        Deadline deadline = Deadline.after(time);
        batches.awaitIdle(time);
        streams.awaitIdle(Duration.ofNanos(deadline.remainingNanos()));
    }

    void endStreams() {
        open.forEach(BatchStream::leave);
    }
}
