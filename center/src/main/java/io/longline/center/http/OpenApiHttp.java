package io.longline.center.http;

import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** {@code GET /openapi.json}: the OpenAPI 3.1 description of the API, a resource that a test compares with the routes. */
public final class OpenApiHttp {
    private static final int OK = 200;

    private final byte[] description;

    public OpenApiHttp() {
        try (InputStream resource = Objects.requireNonNull(OpenApiHttp.class.getResourceAsStream("openapi.json"))) {
            this.description = resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.json of this artifact", e);
        }
    }

    public HttpResponse get(HttpRequest request) {
        return HttpResponse.of(OK, "application/json", description);
    }
}
