package io.longline.keeper.rpc;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.pool.BoundedPool;
import io.longline.keeper.pool.FullPolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the streams of one server share: the bounds, the metrics, and the end. */
final class ServerWork {
    private final RpcConfig config;
    private final MeterRegistry metrics;
    private final WorkLimit requests;
    private final Counter rejects;
    private final BoundedPool streams;
    private final Set<BatchStream<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    ServerWork(RpcConfig config, MeterRegistry metrics) {
        this.config = config;
        this.metrics = metrics;
        requests = new WorkLimit(config.incoming().requests());
        Tags tags = Tags.of("pool", "rpc-requests");
        Gauge.builder("longline.pool.depth", requests, WorkLimit::taken)
                .tags(tags)
                .register(metrics);
        Gauge.builder("longline.pool.limit", requests, WorkLimit::limit)
                .tags(tags)
                .register(metrics);
        rejects = Counter.builder("longline.pool.rejects").tags(tags).register(metrics);
        streams = new BoundedPool("rpc-streams", config.incoming().streams(), FullPolicy.REJECT, metrics);
    }

    RpcConfig config() {
        return config;
    }

    MethodWork of(BatchMethod<?, ?> method) {
        return new MethodWork(method, this, metrics);
    }

    BoundedPool streams() {
        return streams;
    }

    /** Takes room for a batch, or throws OVERLOADED, or DRAINING. */
    void take(int count) {
        if (!requests.tryTake(count)) {
            rejects.increment(count);
            throw MethodWork.full("the server");
        }
        if (draining) {
            requests.give(count, count, 0);
            throw new LonglineException(ErrorCode.DRAINING, "the server is closing");
        }
    }

    void give(int answered, int count, int left) {
        requests.give(answered, count, left);
    }

    void opened(BatchStream<?, ?> stream) {
        open.add(stream);
    }

    void ended(BatchStream<?, ?> stream) {
        open.remove(stream);
    }

    void drain() {
        draining = true;
        streams.close();
    }

    void awaitIdle(Duration time) {
        Deadline deadline = Deadline.after(time);
        requests.awaitIdle(time);
        streams.awaitIdle(Duration.ofNanos(deadline.remainingNanos()));
    }

    void endStreams() {
        open.forEach(BatchStream::leave);
    }
}
