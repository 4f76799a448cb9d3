package io.longline.keeper.product;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secrets of a product: those its back ends call with, and the one they sign client tokens with. */
public enum SecretKind {
    FULL(ApiScope.FULL),
    SEND(ApiScope.SEND),
    READ(ApiScope.READ),
    CLIENT(null);

    private final Optional<ApiScope> scope;

    SecretKind(@Nullable ApiScope scope) {
        this.scope = Optional.ofNullable(scope);
    }

    /** With one more, which is good from now on beside the newest before it. */
    public Product rotate(Product product, String secret) {
        return scope.map(of -> product.rotated(of, secret)).orElseGet(() -> product.clientSecretRotated(secret));
    }

    /** With the newest alone. */
    public Product retire(Product product) {
        return scope.map(product::retired).orElseGet(product::clientSecretRetired);
    }

    /** How many there are. */
    public long of(Product product) {
        return scope.map(of -> product.apiKeys().stream()
                        .filter(key -> key.scope() == of)
                        .count())
                .orElse((long) product.clientSecrets().size());
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
