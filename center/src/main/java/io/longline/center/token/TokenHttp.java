package io.longline.center.token;

import io.longline.center.http.Fields;
import io.longline.center.http.JsonBody;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.http.Json;
import io.longline.keeper.product.Product;
import io.longline.keeper.token.ClientTokens;
import io.longline.keeper.token.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** {@code POST /v1/tokens}. */
public final class TokenHttp {
    private static final int OK = 200;
    private static final int DEFAULT_TTL_S = 3600;
    private static final int MAX_TTL_S = 366 * 86_400;
    private static final int MAX_TOPICS = 100;
    private static final int MAX_PATTERN_BYTES = 128;

    private final InstantSource clock;

    public TokenHttp(InstantSource clock) {
        this.clock = clock;
    }

    public HttpResponse issue(HttpRequest request) {
        Product product = request.attached(Product.class);
        TokenRequest wanted = read(JsonBody.read(request.body()).fields());
        // A token has seconds; what is told is what it says.
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String token = ClientTokens.issue(product, wanted, now);
        if (token.length() > ClientTokens.MAX_LENGTH) {
            throw LonglineException.invalid(
                    "topics",
                    "make a token of " + token.length() + " characters, expected at most " + ClientTokens.MAX_LENGTH);
        }
        return HttpResponse.json(
                OK,
                Json.object()
                        .put("token", token)
                        .put("expires_at_ms", now.plus(wanted.ttl()).toEpochMilli()));
    }

    private static TokenRequest read(Fields fields) {
        TokenRequest wanted = new TokenRequest(
                fields.requiredId("user"),
                fields.id("device").orElse(null),
                fields.texts("topics", MAX_TOPICS, MAX_PATTERN_BYTES),
                Duration.ofSeconds(fields.integer("ttl_s", DEFAULT_TTL_S, 1, MAX_TTL_S)));
        fields.finish();
        return wanted;
    }
}
