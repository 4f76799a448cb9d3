package io.longline.deploy.check.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Client tokens made by hand, so that who checks does not believe what the code under test says of itself. */
public final class JsonWebToken {
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private JsonWebToken() {}

    /** Signed with a secret. */
    public static String hs256(String secret, String claims) {
        String head = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + part(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return head + "." + URL.encodeToString(mac.doFinal(head.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** A header or the claims, as they stand in a token. */
    public static String part(String json) {
        return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
