package io.longline.dispatcher.dispatch;

import io.longline.dispatcher.DispatcherMetrics;
import io.longline.dispatcher.dispatch.AddressList.Address;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.discovery.NodeState;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.Heartbeats;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import java.time.Duration;
import java.util.List;

/** From a question to its answer: the product's settings, the ready rooms in the user's order, their addresses. */
public final class DispatchFlow {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Products products;
    private final Discovery discovery;
    private final Balancer balancer;
    private final DispatcherMetrics metrics;

    public DispatchFlow(Products products, Discovery discovery, Balancer balancer, DispatcherMetrics metrics) {
        this.products = products;
        this.discovery = discovery;
        this.balancer = balancer;
        this.metrics = metrics;
    }

    /**
     * What a client is told.
     *
     * @param rooms in the order in which to try them, at least one
     * @param heartbeat of its product
     */
    record Dispatched(List<Address> rooms, Heartbeats heartbeat) {}

    /** INVALID_ARGUMENT for a product that does not exist, OVERLOADED while no room is ready. */
    Dispatched answer(DispatchQuestion question) {
        Product product = products.find(question.product())
                .orElseThrow(() -> LonglineException.invalid("product", "there is no product " + question.product()));
        List<Node> ready = discovery.nodes("room").stream()
                .filter(room -> room.state() == NodeState.READY)
                .toList();
        List<Node> ordered = balancer.order(ready, question.product(), question.user());
        List<Address> addresses = AddressList.of(ordered, question.last(), question.failed());
        if (addresses.isEmpty()) {
            metrics.noRoom();
            throw new LonglineException(ErrorCode.OVERLOADED, "no room is ready").retryAfter(RETRY_AFTER);
        }
        metrics.answered();
        return new Dispatched(addresses, product.heartbeat());
    }
}
