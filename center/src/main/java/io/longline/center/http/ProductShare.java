package io.longline.center.http;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.pool.KeyedLimit;
import io.longline.keeper.product.Product;
import java.time.Duration;

/** Of what all products together may do at the same moment, one of them may do so much; beyond it 503 OVERLOADED. */
public final class ProductShare implements HttpLayer {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KeyedLimit ofProducts;
    private final String what;
    private final Runnable refused;

    /**
     * Creates one.
     *
     * @param limit of one product
     * @param what it is of, for who is refused
     * @param refused counts
     */
    public ProductShare(int limit, String what, Runnable refused) {
        this.ofProducts = new KeyedLimit(limit);
        this.what = what;
        this.refused = refused;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        String product = request.attached(Product.class).id();
        if (!ofProducts.tryTake(product)) {
            refused.run();
            throw new LonglineException(
                            ErrorCode.OVERLOADED,
                            "product " + product + " has " + ofProducts.limit() + " " + what + " in work here")
                    .retryAfter(RETRY_AFTER);
        }
        try {
            return next.handle(request);
        } finally {
            ofProducts.give(product);
        }
    }
}
