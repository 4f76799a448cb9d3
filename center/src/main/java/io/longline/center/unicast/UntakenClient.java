package io.longline.center.unicast;

import io.longline.center.CenterMetrics;
import io.longline.center.push.Push;
import io.longline.center.result.Status;
import io.longline.center.wire.Wire;
import io.longline.keeper.product.Callback;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.Products;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.TellReply;
import io.longline.rpc.v1.TellRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that end without coming into an inbox: back ends with a callback for that are told, by way of saver. In passing: nobody waits, and
 * what saver does not take in time is not told. All else ends in an inbox, whose scripts tell of it. Any thread.
 */
public final class UntakenClient {
    private static final Logger log = LoggerFactory.getLogger(UntakenClient.class);
    private static final BatchMethod<TellRequest, TellReply> TELL =
            BatchMethod.of(InboxesGrpc.getTellMethod(), TellRequest.class, TellReply.class);
    /** Few beside what a peer is asked at once, so that stores have places; half of them for one product at most. */
    private static final int MOST = 512;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Peers savers;
    private final Products products;
    private final CenterMetrics metrics;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<String, Integer> underWayOf = new ConcurrentHashMap<>();

    public UntakenClient(Peers savers, Products products, CenterMetrics metrics) {
        this.savers = savers;
        this.products = products;
        this.metrics = metrics;
        metrics.watchUntaken(underWay::get, MOST);
    }

    private boolean isTold(String product) {
        return products.find(product)
                .map(Product::callbacks)
                .flatMap(callbacks -> callbacks.ofKind(Callback.MESSAGE))
                .isPresent();
    }

    /**
     * It is over for one endpoint.
     *
     * @param device null: for all of the user's
     * @param end EXPIRED or DROPPED
     */
    public void tell(Push push, String user, @Nullable String device, Status end, @Nullable String reason) {
        if (!isTold(push.product())) {
            return;
        }
        String product = push.product();
        int ofProduct = underWayOf.merge(product, 1, Integer::sum);
        if (underWay.incrementAndGet() > MOST || ofProduct > MOST / 2) {
            over(product);
            metrics.untakenUntold();
            return;
        }
        TellRequest request = TellRequest.newBuilder()
                .setEndpoint(Endpoint.newBuilder()
                        .setProduct(push.product())
                        .setUser(user)
                        .setDevice(Objects.requireNonNullElse(device, "")))
                .setMessageId(push.messageId())
                .setState(Wire.state(end))
                .setReason(Objects.requireNonNullElse(reason, ""))
                .build();
        var _ = savers.call(Shards.key(push.product(), user), TELL, request, Deadline.after(PATIENCE))
                .whenComplete((_, error) -> {
                    over(product);
                    if (error != null) {
                        metrics.untakenUntold();
                        log.debug("an end is not told message_id={} error={}", push.messageId(), error.getMessage());
                    }
                });
    }

    private void over(String product) {
        underWay.decrementAndGet();
        underWayOf.computeIfPresent(product, (_, ofIt) -> ofIt == 1 ? null : ofIt - 1);
    }
}
