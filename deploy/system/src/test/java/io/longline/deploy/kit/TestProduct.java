package io.longline.deploy.kit;

import java.util.List;

/** A product and what its back end knows. */
public record TestProduct(String id, String apiSecret, String clientSecret) {

    /** The one that every local cluster has. */
    public static final TestProduct DEMO =
            new TestProduct("demo", "demo-secret", "demo-client-secret-for-local-use-only");

    /** A token for a user, good for an hour and for every device. */
    public String token(String user) {
        return Jwt.hs256(clientSecret, Jwt.claims(id, user));
    }

    /** The same, with which these topics may be followed. */
    public String tokenOfTopics(String user, String... patterns) {
        return Jwt.hs256(clientSecret, Jwt.claimsOfTopics(id, user, List.of(patterns)));
    }
}
