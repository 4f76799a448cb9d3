package io.longline.center.http;

import io.longline.center.CenterMetrics;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.product.Product;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * So many requests of one product at the same moment, so that one whose requests are slow (they wait for acks, its inboxes' store is
 * down) leaves the others their share of what the server takes in all.
 */
public final class ProductLimits implements HttpLayer {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int limit;
    private final CenterMetrics metrics;
    private final ConcurrentMap<String, Integer> inWork = new ConcurrentHashMap<>();

    public ProductLimits(int limit, CenterMetrics metrics) {
        this.limit = limit;
        this.metrics = metrics;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        String product = request.attached(Product.class).id();
        enter(product);
        try {
            return next.handle(request);
        } finally {
            inWork.computeIfPresent(product, (id, count) -> count == 1 ? null : count - 1);
        }
    }

    private void enter(String product) {
        int count = inWork.merge(product, 1, Integer::sum);
        if (count > limit) {
            inWork.computeIfPresent(product, (id, now) -> now == 1 ? null : now - 1);
            metrics.overProductLimit();
            throw new LonglineException(
                            ErrorCode.PRODUCT_RATE_EXCEEDED,
                            "product " + product + " has " + limit + " requests in work here")
                    .retryAfter(RETRY_AFTER);
        }
    }
}
