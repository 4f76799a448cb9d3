package io.longline.center.http;

import io.longline.center.CenterMetrics;
import io.longline.center.traffic.Traffic;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.pool.KeyedLimit;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import java.time.Duration;

/**
 * So many requests of one product at the same moment, and so many of all products whose pushes wait for MySQL, so that whose requests
 * are slow (they wait for acks, commits take seconds) leaves the others their share of what the server takes in all.
 */
public final class ProductLimits implements HttpLayer {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KeyedLimit ofProducts;
    private final RequestLimit journaled;
    private final Traffic traffic;
    private final CenterMetrics metrics;

    /**
     * Creates one.
     *
     * @param perProduct requests of one product
     * @param journaled requests of all products with durability {@code mysql}
     */
    public ProductLimits(int perProduct, int journaled, Traffic traffic, CenterMetrics metrics) {
        this.ofProducts = new KeyedLimit(perProduct);
        this.journaled = new RequestLimit(
                journaled,
                "products with durability mysql have " + journaled + " requests in work here",
                metrics::overJournaledLimit);
        this.traffic = traffic;
        this.metrics = metrics;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        Product product = request.attached(Product.class);
        if (!ofProducts.tryTake(product.id())) {
            metrics.overProductLimit();
            traffic.refused(product.id(), 1);
            throw new LonglineException(
                            ErrorCode.PRODUCT_RATE_EXCEEDED,
                            "product " + product.id() + " has " + ofProducts.limit() + " requests in work here")
                    .retryAfter(RETRY_AFTER);
        }
        try {
            return product.durability() == Durability.MYSQL ? journaled.handle(request, next) : next.handle(request);
        } finally {
            ofProducts.give(product.id());
        }
    }
}
