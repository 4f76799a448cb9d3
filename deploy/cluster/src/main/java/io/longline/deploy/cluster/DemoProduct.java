package io.longline.deploy.cluster;

import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.live.ZkConfigNode;
import io.longline.keeper.product.Callbacks;
import io.longline.keeper.product.Durability;
import io.longline.keeper.product.Heartbeats;
import io.longline.keeper.product.PresenceRules;
import io.longline.keeper.product.Product;
import io.longline.keeper.product.ProductSecrets;
import io.longline.keeper.product.UplinkLimits;
import io.longline.keeper.product.ZkProducts;
import io.longline.keeper.token.ClientTokens;
import io.longline.keeper.token.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a fresh local cluster has, so that the first push needs no preparation: one product and the operator's secret.
 * Nothing else in the system knows these secrets.
 */
public final class DemoProduct {
    public static final String ID = "demo";
    public static final String API_SECRET = "demo-secret";
    public static final String OPERATOR_SECRET = "admin-secret";
    public static final String OPERATOR_SECRET_KEY = "operator.secret";

    private static final String CLIENT_SECRET = "demo-client-secret-for-local-use-only";

    /** Its back end runs on the same machine. */
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

    private DemoProduct() {}

    private static Product product() {
        return Product.create(ID, Durability.MYSQL)
                .withSecrets(new ProductSecrets(API_SECRET, CLIENT_SECRET))
                .withHeartbeat(new Heartbeats(240, 1, 600))
                .withOpenTopics(List.of("*"))
                .with("uplinks", new UplinkLimits(0, 0))
                .with("callbacks", new Callbacks(List.of(), LOOPBACK))
                .with("presence", new PresenceRules(true, true, PresenceRules.USUAL_DEBOUNCE_MS));
    }

    /** For all devices of a user, good for a day. */
    public static String token(String user) {
        return ClientTokens.issue(
                product(), new TokenRequest(user, null, List.of(), Duration.ofDays(1)), Instant.now());
    }

    /** Writes what is absent; what an operator changed since stays. */
    public static void writeTo(ZkSession session) {
        try (ZkProducts products = new ZkProducts(session)) {
            products.start();
            if (products.find(ID).isEmpty()) {
                products.create(product());
            }
        }
        new ZkConfigNode(session, "center").update("longline up", before -> {
            Map<String, String> values = new LinkedHashMap<>(before);
            values.putIfAbsent(OPERATOR_SECRET_KEY, OPERATOR_SECRET);
            return values;
        });
    }
}
