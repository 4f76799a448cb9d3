package io.longline.deploy.kit;

import io.longline.deploy.check.client.JsonWebToken;
import java.util.List;
import java.util.stream.Collectors;

/** Client tokens made by hand, good and bad ones, so that the tests do not believe what the code under test says of itself. */
public final class Jwt {
    private Jwt() {}

    public static String hs256(String secret, String claims) {
        return JsonWebToken.hs256(secret, claims);
    }

    /** Says that it is not signed. */
    public static String unsigned(String claims) {
        return JsonWebToken.part("{\"alg\":\"none\"}") + "." + JsonWebToken.part(claims) + ".";
    }

    /** The claims of a token that is good for an hour. */
    public static String claims(String product, String user) {
        return claims(product, user, inSeconds(3600));
    }

    public static String claims(String product, String user, long exp) {
        return "{\"iss\":\"%s\",\"sub\":\"%s\",\"exp\":%d}".formatted(product, user, exp);
    }

    /** Those of a token with which these topics may be followed. */
    public static String claimsOfTopics(String product, String user, List<String> patterns) {
        String quoted = patterns.stream().map(pattern -> '"' + pattern + '"').collect(Collectors.joining(","));
        return "{\"iss\":\"%s\",\"sub\":\"%s\",\"topics\":[%s],\"exp\":%d}"
                .formatted(product, user, quoted, inSeconds(3600));
    }

    public static String claimsOfDevice(String product, String user, String device) {
        return "{\"iss\":\"%s\",\"sub\":\"%s\",\"dev\":\"%s\",\"exp\":%d}"
                .formatted(product, user, device, inSeconds(3600));
    }

    public static long inSeconds(long seconds) {
        return System.currentTimeMillis() / 1000 + seconds;
    }
}
