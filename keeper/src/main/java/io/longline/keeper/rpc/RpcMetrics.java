package io.longline.keeper.rpc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What is told about the calls to one service, all its peers together; limits are those of one peer. */
final class RpcMetrics {
    private final String to;
    private final MeterRegistry registry;
    private final RpcConfig.Outgoing limits;
    private final Counter opened;
    private final Map<String, OfMethod> methods = new ConcurrentHashMap<>();

    RpcMetrics(String to, MeterRegistry registry, RpcConfig config, Supplier<Collection<Peer>> peers) {
        this.to = to;
        this.registry = registry;
        this.limits = config.outgoing();
        Tags tags = Tags.of("to", to);
        gauge(
                "longline.rpc.peers",
                "members a connection is kept to",
                tags,
                () -> peers.get().size());
        gauge(
                "longline.rpc.inflight.requests",
                "requests sent and not answered",
                tags,
                () -> peers.get().stream()
                        .mapToLong(peer -> peer.inFlight().requests())
                        .sum());
        gauge(
                "longline.rpc.inflight.bytes",
                "bytes of requests sent and not answered",
                tags,
                () -> peers.get().stream()
                        .mapToLong(peer -> peer.inFlight().bytes())
                        .sum());
        gauge(
                "longline.rpc.breaker.open",
                "members that are given no calls because they do not answer",
                tags,
                () -> peers.get().stream()
                        .filter(peer -> !peer.pulse().closed())
                        .count());
        opened = Counter.builder("longline.rpc.breaker.opens")
                .description("breakers that opened")
                .tags(tags)
                .register(registry);
        gauge("longline.rpc.inflight.requests.limit", "of one peer", tags, limits.inFlight()::requests);
        gauge("longline.rpc.inflight.bytes.limit", "of one peer", tags, limits.inFlight()::bytes);
    }

    void breakerOpened() {
        opened.increment();
    }

    OfMethod of(String method) {
        return methods.computeIfAbsent(method, OfMethod::new);
    }

    private void gauge(String name, String description, Tags tags, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).tags(tags).register(registry);
    }

    enum Reject {
        QUEUE_FULL,
        PEER_DOWN,
        BREAKER_OPEN
    }

    final class OfMethod {
        private final AtomicInteger depth = new AtomicInteger();
        private final Map<Reject, Counter> rejects = new EnumMap<>(Reject.class);
        private final DistributionSummary batches;
        private final Timer answers;
        private final Counter breaks;

        private OfMethod(String method) {
            Tags tags = Tags.of("to", to, "method", method);
            gauge("longline.rpc.queue.depth", "requests that wait to be sent", tags, depth::get);
            gauge("longline.rpc.queue.limit", "of one peer", tags, limits.queue()::requests);
            for (Reject reason : Reject.values()) {
                rejects.put(
                        reason,
                        Counter.builder("longline.rpc.queue.rejects")
                                .description("requests refused at once")
                                .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
                                .register(registry));
            }
            batches = DistributionSummary.builder("longline.rpc.batch.requests")
                    .description("requests in a batch that was sent")
                    .tags(tags)
                    .register(registry);
            answers = Timer.builder("longline.rpc.batch.answer")
                    .description("from sending a batch to its replies")
                    .tags(tags)
                    .register(registry);
            breaks = Counter.builder("longline.rpc.stream.breaks")
                    .description("streams that worked and then broke off")
                    .tags(tags)
                    .register(registry);
        }

        void queued(int change) {
            depth.addAndGet(change);
        }

        void rejected(Reject reason) {
            Counter counter = rejects.get(reason);
            if (counter != null) {
                counter.increment();
            }
        }

        void sent(int requests) {
            batches.record(requests);
        }

        void answered(long nanos) {
            answers.record(nanos, TimeUnit.NANOSECONDS);
        }

        void broke() {
            breaks.increment();
        }
    }
}
