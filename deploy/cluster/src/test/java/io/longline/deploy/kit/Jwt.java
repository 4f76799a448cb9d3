package io.longline.deploy.kit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Client tokens made by hand, good and bad ones, so that the tests do not believe what the code under test says of itself. */
public final class Jwt {
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private Jwt() {}

    public static String hs256(String secret, String claims) {
        String head = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + part(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return head + "." + URL.encodeToString(mac.doFinal(head.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says that it is not signed. */
    public static String unsigned(String claims) {
        return part("{\"alg\":\"none\"}") + "." + part(claims) + ".";
    }

    /** The claims of a token that is good for an hour. */
    public static String claims(String product, String user) {
        return claims(product, user, inSeconds(3600));
    }

    public static String claims(String product, String user, long exp) {
        return "{\"iss\":\"%s\",\"sub\":\"%s\",\"exp\":%d}".formatted(product, user, exp);
    }

    public static String claimsOfDevice(String product, String user, String device) {
        return "{\"iss\":\"%s\",\"sub\":\"%s\",\"dev\":\"%s\",\"exp\":%d}"
                .formatted(product, user, device, inSeconds(3600));
    }

    public static long inSeconds(long seconds) {
        return System.currentTimeMillis() / 1000 + seconds;
    }

    private static String part(String json) {
        return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
