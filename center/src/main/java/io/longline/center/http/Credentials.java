package io.longline.center.http;

import io.longline.keeper.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** {@code name:secret} of an Authorization header: Basic, or Bearer with the same in clear. */
record Credentials(String name, String secret) {
    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";

    static Optional<Credentials> of(HttpRequest request) {
        return request.header("Authorization").flatMap(Credentials::parse);
    }

    static Optional<Credentials> parse(String header) {
        String scheme = header.toLowerCase(Locale.ROOT);
        if (scheme.startsWith(BASIC)) {
            return decoded(header.substring(BASIC.length()).strip()).flatMap(Credentials::split);
        }
        if (scheme.startsWith(BEARER)) {
            return split(header.substring(BEARER.length()).strip());
        }
        return Optional.empty();
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A secret may contain colons, a name may not. */
    private static Optional<Credentials> split(String both) {
        int colon = both.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : Optional.of(new Credentials(both.substring(0, colon), both.substring(colon + 1)));
    }

    /** Without the secret, for logs. */
    @Override
    public String toString() {
        return "Credentials[name=" + name + "]";
    }
}
