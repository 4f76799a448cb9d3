package io.longline.center.http;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.product.ApiScope;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.Products;
import java.util.Optional;

/**
 * Lets a product in that names itself and its secret, and attaches it to the request as {@link Product}, and what the secret is good for as {@link ApiScope}. A product that does not exist is
 * answered like a wrong secret, and after the same work.
 */
public final class ProductAuthentication implements HttpLayer {
    private static final Product NOBODY =
            Product.create("nobody", Durability.REDIS).withSecrets(ProductSecrets.fresh());

    private final Products products;

    public ProductAuthentication(Products products) {
        this.products = products;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        Credentials credentials = Credentials.of(request).orElseThrow(ProductAuthentication::refused);
        Optional<Product> product = products.find(credentials.name());
        Optional<ApiScope> scope = product.orElse(NOBODY).scopeOf(credentials.secret());
        if (scope.isEmpty() || product.isEmpty()) {
            throw refused();
        }
        request.attach(ApiScope.class, scope.get());
        request.attach(Product.class, product.get());
        return next.handle(request);
    }

    private static LonglineException refused() {
        return new LonglineException(
                ErrorCode.UNAUTHENTICATED, "expected HTTP Basic or Bearer credentials product:secret of a product");
    }
}
