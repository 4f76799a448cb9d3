package io.longline.center.http;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.product.ApiScope;
import java.util.Locale;

/** Lets through whoever's secret is good for what is asked. */
final class ScopeCheck implements HttpLayer {
    private final ApiScope needed;

    ScopeCheck(ApiScope needed) {
        this.needed = needed;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        ApiScope given = request.attached(ApiScope.class);
        if (!given.allows(needed)) {
            String expected = needed == ApiScope.FULL ? "full" : word(needed) + " or full";
            throw new LonglineException(
                    ErrorCode.PERMISSION_DENIED,
                    "this secret is for " + word(given) + ", expected one for " + expected);
        }
        return next.handle(request);
    }

    private static String word(ApiScope scope) {
        return scope.name().toLowerCase(Locale.ROOT);
    }
}
