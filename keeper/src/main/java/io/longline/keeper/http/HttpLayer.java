package io.longline.keeper.http;

import java.util.List;

/** Something that many handlers share: authentication, limits, metrics. It answers itself or asks the next one. */
@FunctionalInterface
public interface HttpLayer {
    HttpResponse handle(HttpRequest request, HttpHandler next);

    /** The handler behind all these layers, the first one outermost. */
    static HttpHandler chain(List<HttpLayer> layers, HttpHandler handler) {
        HttpHandler chained = handler;
        for (HttpLayer layer : layers.reversed()) {
            HttpHandler next = chained;
            chained = request -> layer.handle(request, next);
        }
        return chained;
    }
}
