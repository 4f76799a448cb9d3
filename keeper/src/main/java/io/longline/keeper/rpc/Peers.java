package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of one service, as discovery knows them, and a connection to each. A member that starts again is another peer:
 * a peer stands for (instance, incarnation, address). Calls may come from any thread.
 */
public final class Peers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Peers.class);

    /** How long a peer that left may still answer what it was sent: one that leaves in order does so within that time. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final String service;
    private final Discovery discovery;
    private final RpcConfig config;
    private final RpcMetrics metrics;
    private volatile Map<Identity, Peer> peers = Map.of();
    private @Nullable AutoCloseable watch;
    private boolean closed;

    public Peers(String service, Discovery discovery, RpcConfig config, MeterRegistry metrics) {
        this.service = service;
        this.discovery = discovery;
        this.config = config;
        this.metrics = new RpcMetrics(service, metrics, config, () -> peers.values());
    }

    /** Follows the members from now on; those known already are there when it returns. */
    public void start() {
        watch = discovery.watch(service, this::follow);
    }

    /** The newest start of that instance, in whatever state, if it is there. */
    public Optional<Peer> byInstance(String instance) {
        return peers.values().stream()
                .filter(peer -> peer.node().instance().equals(instance))
                .max(Comparator.comparingLong(peer -> peer.node().incarnation()));
    }

    /** Every member, in whatever state. */
    public List<Peer> all() {
        return List.copyOf(peers.values());
    }

    /**
     * The member a key belongs to, by rendezvous among those that are READY and answer: when one comes or goes, only its own
     * keys move. One that does not answer where all are like that; DEPENDENCY_DOWN when there is none.
     */
    public Peer byKey(long key) {
        return ready(key, null).orElseThrow(this::none);
    }

    /**
     * Calls the member of that key; where it cannot be reached, falls silent or is about to leave, once the next one. So the
     * method must be safe to repeat, as all batched ones are. Fails as {@link Peer#call} does.
     */
    public <Q extends Message, A extends Message> CompletableFuture<A> call(
            long key, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return call(key, method, request, deadline, (answer, _) -> answer);
    }

    /**
     * What is made of an answer. It must not throw.
     *
     * @param <A> the answer
     * @param <R> what is made of it
     */
    @FunctionalInterface
    public interface Reading<A, R> {
        /**
         * Called once, if there is an answer.
         *
         * @param again another member was asked before, and may have done it
         */
        R of(A answer, boolean again);
    }

    /** {@link #call}, for who has to know whether it may have been done twice. */
    public <Q extends Message, A extends Message, R> CompletableFuture<R> call(
            long key, BatchMethod<Q, A> method, Q request, Deadline deadline, Reading<A, R> reading) {
        Optional<Peer> first = ready(key, null);
        if (first.isEmpty()) {
            return CompletableFuture.failedFuture(none());
        }
        CompletableFuture<R> result = new CompletableFuture<>();
        var _ = first.get().callOrLetGo(method, request, deadline).whenComplete((answer, error) -> {
            Optional<Peer> next = elsewhere(error) ? ready(key, first.get()) : Optional.empty();
            if (next.isPresent()) {
                var _ = next.get()
                        .call(method, request, deadline)
                        .whenComplete((second, failure) -> settle(result, second, failure, true, reading));
            } else {
                settle(result, answer, error, false, reading);
            }
        });
        return result;
    }

    /** {@link #call}, and waits for the answer. Not on an event loop. */
    public <Q extends Message, A extends Message> A await(
            long key, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return Peer.await(call(key, method, request, deadline));
    }

    /**
     * {@link Peer#stream} of the member of that key; where it cannot be reached, falls silent or is about to leave, once more of the next
     * one, from the beginning: parts may come twice.
     */
    public <Q, A> void stream(long key, MethodDescriptor<Q, A> method, Q request, Deadline deadline, Consumer<A> each) {
        Peer first = byKey(key);
        try {
            first.stream(method, request, deadline, each);
        } catch (LonglineException e) {
            Optional<Peer> next = elsewhere(e) ? ready(key, first) : Optional.empty();
            if (next.isEmpty()) {
                throw e;
            }
            next.get().stream(method, request, deadline, each);
        }
    }

    @Override
    public void close() {
        AutoCloseable watching = watch;
        try {
            if (watching != null) {
                watching.close();
            }
        } catch (Exception e) {
            log.warn("the watch on {} did not close", service, e);
        }
        Map<Identity, Peer> last;
        synchronized (this) {
            closed = true;
            last = peers;
            peers = Map.of();
        }
        last.values().forEach(peer -> peer.retire(Duration.ZERO));
        try {
            for (Peer peer : last.values()) {
                peer.awaitClosed(GRACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void follow(List<Node> nodes) {
        if (closed) {
            return;
        }
        Map<Identity, Peer> before = peers;
        Map<Identity, Peer> after = new HashMap<>();
        for (Node node : nodes) {
            if (!Peer.reachable(node)) {
                continue;
            }
            Identity identity = new Identity(node.instance(), node.incarnation(), node.rpc());
            Peer peer = before.get(identity);
            if (peer == null) {
                peer = new Peer(node, config, metrics, this::othersThan);
                peer.start();
                log.info("peer came service={} peer={}", service, peer);
            } else {
                peer.update(node);
            }
            after.put(identity, peer);
        }
        peers = Map.copyOf(after);
        before.forEach((identity, peer) -> {
            if (!after.containsKey(identity)) {
                log.info("peer left service={} peer={}", service, peer);
                peer.retire(GRACE);
            }
        });
    }

    private Optional<Peer> ready(long key, @Nullable Peer except) {
        Comparator<Peer> best = Comparator.comparing((Peer peer) -> peer.pulse().closed())
                .thenComparingLong(peer -> Rendezvous.score(key, peer.node().instance()));
        return ready(except).max(best);
    }

    private boolean othersThan(Peer peer) {
        return ready(peer).anyMatch(other -> other.pulse().closed());
    }

    private Stream<Peer> ready(@Nullable Peer except) {
        return peers.values().stream()
                .filter(peer -> peer != except && peer.node().state() == NodeState.READY);
    }

    /** Whether another member may do what this one did not. Overload is not carried from one to the next. */
    private boolean elsewhere(@Nullable Throwable error) {
        return error instanceof LonglineException known
                && (known.code() == ErrorCode.DRAINING
                        || (known.code() == ErrorCode.DEPENDENCY_DOWN
                                && known.dependency().equals(Optional.of(service))));
    }

    private LonglineException none() {
        return LonglineException.dependencyDown(service, "no " + service + " is ready", null);
    }

    /** By hand, as a derived future would wrap the error. */
    private static <A, R> void settle(
            CompletableFuture<R> future, A answer, @Nullable Throwable error, boolean again, Reading<A, R> reading) {
        if (error == null) {
            future.complete(reading.of(answer, again));
        } else {
            future.completeExceptionally(error);
        }
    }

    private record Identity(String instance, long incarnation, String rpc) {}
}
