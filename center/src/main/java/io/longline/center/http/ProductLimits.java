package io.longline.center.http;

import io.longline.center.CenterMetrics;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.pool.KeyedLimit;
import io.longline.keeper.product.Product;
import java.time.Duration;

/**
 * So many requests of one product at the same moment, so that one whose requests are slow (they wait for acks, its inboxes' store is
 * down) leaves the others their share of what the server takes in all.
 */
public final class ProductLimits implements HttpLayer {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KeyedLimit inWork;
    private final CenterMetrics metrics;

    public ProductLimits(int limit, CenterMetrics metrics) {
        this.inWork = new KeyedLimit(limit);
        this.metrics = metrics;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        String product = request.attached(Product.class).id();
        enter(product);
        try {
            return next.handle(request);
        } finally {
            inWork.give(product);
        }
    }

    private void enter(String product) {
        if (!inWork.tryTake(product)) {
            metrics.overProductLimit();
            throw new LonglineException(
                            ErrorCode.PRODUCT_RATE_EXCEEDED,
                            "product " + product + " has " + inWork.limit() + " requests in work here")
                    .retryAfter(RETRY_AFTER);
        }
    }
}
