package io.longline.keeper.product;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * A product's secrets in clear, shown once to who made them.
 *
 * @param apiSecret with which its back ends call the HTTP API; only its hash is stored
 * @param clientSecret with which they sign client tokens (HS256); 32 bytes or more
 */
public record ProductSecrets(String apiSecret, String clientSecret) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    /** 256 random bits each, as base64url. */
    public static ProductSecrets fresh() {
        return new ProductSecrets(random(), random());
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "ProductSecrets[****]";
    }

    /** One more of the same kind. */
    public static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
