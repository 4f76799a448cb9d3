package io.longline.center.http;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets {@code admin} in with the operator secret. Where none is set yet, nobody. */
public final class OperatorAuthentication implements HttpLayer {
    private static final String OPERATOR = "admin";

    private final Supplier<Optional<String>> secret;

    /** @param secret asked at each request, because it may be changed while the process runs */
    public OperatorAuthentication(Supplier<Optional<String>> secret) {
        this.secret = secret;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        Optional<Credentials> credentials = Credentials.of(request);
        Optional<String> expected = secret.get();
        boolean good = credentials.isPresent()
                && expected.isPresent()
                && same(credentials.get().secret(), expected.get())
                && credentials.get().name().equals(OPERATOR);
        if (!good) {
            throw new LonglineException(
                    ErrorCode.UNAUTHENTICATED, "expected HTTP Basic credentials admin:secret of an operator");
        }
        return next.handle(request);
    }

    /** In constant time. */
    private static boolean same(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
