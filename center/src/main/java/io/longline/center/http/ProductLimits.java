package io.longline.center.http;

import io.longline.center.CenterMetrics;
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
import java.util.concurrent.Semaphore;

/**
 * So many requests of one product at the same moment, and so many of all products whose pushes wait for MySQL, so that whose requests
 * are slow (they wait for acks, commits take seconds) leaves the others their share of what the server takes in all.
 */
public final class ProductLimits implements HttpLayer {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KeyedLimit ofProducts;
    private final int journaledLimit;
    private final Semaphore journaled;
    private final CenterMetrics metrics;

    /**
     * Creates one.
     *
     * @param perProduct requests of one product
     * @param journaled requests of all products with durability {@code mysql}
     */
    public ProductLimits(int perProduct, int journaled, CenterMetrics metrics) {
        this.ofProducts = new KeyedLimit(perProduct);
        this.journaledLimit = journaled;
        this.journaled = new Semaphore(journaled);
        this.metrics = metrics;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        Product product = request.attached(Product.class);
        if (!ofProducts.tryTake(product.id())) {
            metrics.overProductLimit();
            throw full(
                    ErrorCode.PRODUCT_RATE_EXCEEDED,
                    "product " + product.id() + " has " + ofProducts.limit() + " requests in work here");
        }
        try {
            return product.durability() == Durability.MYSQL ? journaled(request, next) : next.handle(request);
        } finally {
            ofProducts.give(product.id());
        }
    }

    private HttpResponse journaled(HttpRequest request, HttpHandler next) {
        if (!journaled.tryAcquire()) {
            metrics.overJournaledLimit();
            throw full(
                    ErrorCode.OVERLOADED,
                    "products with durability mysql have " + journaledLimit + " requests in work here");
        }
        try {
            return next.handle(request);
        } finally {
            journaled.release();
        }
    }

    private static LonglineException full(ErrorCode code, String message) {
        return new LonglineException(code, message).retryAfter(RETRY_AFTER);
    }
}
