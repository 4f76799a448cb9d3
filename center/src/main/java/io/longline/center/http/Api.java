package io.longline.center.http;

import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRoutes;
import io.longline.keeper.product.ApiScope;
import java.util.List;

/** Adds to the routes of a server what center answers, each behind the layers of its kind of caller. */
public final class Api {
    private final HttpRoutes routes;
    private final List<HttpLayer> productLayers;
    private final List<HttpLayer> operatorLayers;

    /** The first layer of a list is the outermost. The HTTP server itself has given the request its id and counted it before. */
    public Api(HttpRoutes routes, List<HttpLayer> productLayers, List<HttpLayer> operatorLayers) {
        this.routes = routes;
        this.productLayers = List.copyOf(productLayers);
        this.operatorLayers = List.copyOf(operatorLayers);
    }

    /** For everybody, without authentication. */
    public Api open(String method, String template, HttpHandler handler) {
        routes.add(method, template, handler);
        return this;
    }

    /**
     * For back ends.
     *
     * @param needed what the secret must be good for
     */
    public Api product(ApiScope needed, String method, String template, HttpHandler handler) {
        HttpHandler checked = HttpLayer.chain(List.of(new ScopeCheck(needed)), handler);
        return open(method, template, HttpLayer.chain(productLayers, checked));
    }

    public Api operator(String method, String template, HttpHandler handler) {
        return open(method, template, HttpLayer.chain(operatorLayers, handler));
    }
}
