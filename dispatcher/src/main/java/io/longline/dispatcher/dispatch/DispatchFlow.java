package io.longline.dispatcher.dispatch;

import io.longline.dispatcher.DispatcherMetrics;
import io.longline.dispatcher.dispatch.AddressList.Address;
import io.longline.dispatcher.dispatch.AddressList.Caller;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Heartbeats;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** From a question to its answer: the product's settings, the ready rooms in the user's order, their addresses. */
public final class DispatchFlow {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Products products;
    private final Discovery discovery;
    private final Supplier<DispatchConfig> config;
    private final DispatcherMetrics metrics;
    private volatile Chosen chosen = Chosen.of(Balancing.CONSISTENT_HASH);

    /** @param config as it is now */
    public DispatchFlow(
            Products products, Discovery discovery, Supplier<DispatchConfig> config, DispatcherMetrics metrics) {
        this.products = products;
        this.discovery = discovery;
        this.config = config;
        this.metrics = metrics;
    }

    /** The balancer of a name. */
    private record Chosen(Balancing name, Balancer balancer) {

        static Chosen of(Balancing name) {
            return new Chosen(name, name.begin());
        }
    }

    /**
     * What a client is told.
     *
     * @param rooms in the order in which to try them, at least one
     * @param heartbeat of its product
     */
    record Dispatched(List<Address> rooms, Heartbeats heartbeat) {}

    /**
     * INVALID_ARGUMENT for a product that does not exist, OVERLOADED while no room is ready.
     *
     * @param caller whoever asks, if that is known
     */
    Dispatched answer(DispatchQuestion question, Optional<InetAddress> caller) {
        Product product = products.find(question.product())
                .orElseThrow(() -> LonglineException.invalid("product", "there is no product " + question.product()));
        List<Node> ready = discovery.nodes("room").stream()
                .filter(room -> room.state() == NodeState.READY)
                .toList();
        DispatchConfig now = config.get();
        List<Node> ordered = balancer(now.balancing()).order(ready, question.product(), question.user());
        String region =
                question.region().orElseGet(() -> caller.map(now.regions()::of).orElse(""));
        List<Address> addresses =
                AddressList.of(ordered, new Caller(region, question.attempt(), question.last(), question.failed()));
        if (addresses.isEmpty()) {
            metrics.noRoom();
            throw new LonglineException(ErrorCode.OVERLOADED, "no room is ready").retryAfter(RETRY_AFTER);
        }
        metrics.answered();
        return new Dispatched(addresses, product.heartbeat());
    }

    /** One that counts goes on as long as its name is chosen. */
    private Balancer balancer(Balancing wanted) {
        if (chosen.name != wanted) {
            synchronized (this) {
                if (chosen.name != wanted) {
                    chosen = Chosen.of(wanted);
                }
            }
        }
        return chosen.balancer;
    }
}
