package io.longline.keeper.rpc;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the streams of one method share: its part of what the server works on, so that no method takes the place of all. */
final class MethodWork {
    private static final Duration RETRY_AFTER = Duration.ofMillis(200);

    private final String name;
    private final ServerWork server;
    private final WorkLimit share;
    private final Counter rejects;
    private final Timer batches;
    private final DistributionSummary parts;

    MethodWork(BatchMethod<?, ?> method, ServerWork server, MeterRegistry metrics) {
        this.name = method.toString();
        this.server = server;
        this.share = new WorkLimit(server.config().incoming().requestsOfMethod());
        Tags tags = Tags.of("of", method.service(), "method", method.name());
        Gauge.builder("longline.rpc.server.requests.depth", share, WorkLimit::taken)
                .description("requests that are worked on")
                .tags(tags)
                .register(metrics);
        Gauge.builder("longline.rpc.server.requests.limit", share, WorkLimit::limit)
                .description("the share of one method")
                .tags(tags)
                .register(metrics);
        rejects = Counter.builder("longline.rpc.server.requests.rejects")
                .description("requests refused because the share of their method was taken")
                .tags(tags)
                .register(metrics);
        batches = Timer.builder("longline.rpc.server.batch")
                .description("from a batch to the last of its replies")
                .tags(tags)
                .register(metrics);
        parts = DistributionSummary.builder("longline.rpc.server.part")
                .description("replies that left together")
                .tags(tags)
                .register(metrics);
    }

    /** Takes room for a batch, or throws OVERLOADED, or DRAINING. */
    void take(int requests) {
        if (!share.tryTake(requests)) {
            rejects.increment(requests);
            throw full(name);
        }
        try {
            server.take(requests);
        } catch (LonglineException e) {
            share.give(requests, requests, 0);
            throw e;
        }
    }

    /** So many replies of a batch of {@code count} have left, and {@code left} have not. */
    void gave(int replies, int count, int left) {
        parts.record(replies);
        server.give(replies, count, left);
        share.give(replies, count, left);
    }

    void done(long nanos) {
        batches.record(nanos, TimeUnit.NANOSECONDS);
    }

    int maxMessageBytes() {
        return server.config().maxMessageBytes();
    }

    static LonglineException full(String what) {
        return new LonglineException(ErrorCode.OVERLOADED, what + " has as many requests in work as it may")
                .retryAfter(RETRY_AFTER);
    }
}
