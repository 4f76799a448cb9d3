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
import io.longline.v1.Backoff;
import io.longline.v1.DispatchAnswer;
import io.longline.v1.Heartbeat;
import io.longline.v1.RoomAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** From a question to its answer: the product's settings, the ready rooms in the user's order, their addresses. */
public final class DispatchFlow {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Products products;
    private final Discovery discovery;
    private final Balancer balancer;
    private final DispatchConfig config;
    private final InstantSource clock;
    private final DispatcherMetrics metrics;

    public DispatchFlow(
            Products products,
            Discovery discovery,
            Balancer balancer,
            DispatchConfig config,
            InstantSource clock,
            DispatcherMetrics metrics) {
        this.products = products;
        this.discovery = discovery;
        this.balancer = balancer;
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
    }

    DispatchAnswer answer(DispatchQuestion question) {
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
        return DispatchAnswer.newBuilder()
                .addAllRooms(addresses.stream().map(DispatchFlow::room).toList())
                .setCacheTtlS((int) config.cacheTtl().toSeconds())
                .setHeartbeat(heartbeat(product.heartbeat()))
                .setBackoff(backoff())
                .setServerTimeMs(clock.millis())
                .build();
    }

    private static RoomAddress room(Address address) {
        return RoomAddress.newBuilder()
                .setId(address.room().instance())
                .setHost(address.at().host())
                .setPort(address.at().port())
                .setTls(address.at().tls())
                .setTlsName(address.at().tlsName())
                .setRegion(address.at().region())
                .setWeight(address.room().weight())
                .build();
    }

    private static Heartbeat heartbeat(Heartbeats heartbeats) {
        return Heartbeat.newBuilder()
                .setIntervalS(heartbeats.intervalS())
                .setMinS(heartbeats.minS())
                .setMaxS(heartbeats.maxS())
                .build();
    }

    private Backoff backoff() {
        return Backoff.newBuilder()
                .setBaseMs((int) config.backoffBase().toMillis())
                .setMaxMs((int) config.backoffMost().toMillis())
                .setFactor(DispatchConfig.BACKOFF_FACTOR)
                .setJitter(DispatchConfig.BACKOFF_JITTER)
                .build();
    }
}
