package io.longline.deploy.check.client;

import io.longline.deploy.check.history.EndpointId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A product, as its back end knows it. It signs tokens by hand, so that nothing believes what the code under test says of itself.
 *
 * @param journaled whether its durability is {@code mysql}
 * @param limited whether it may send so little that it is refused now and then
 */
public record Tenant(String product, String apiSecret, String clientSecret, boolean journaled, boolean limited) {
    /** How topics begin that clients may follow by themselves. */
    private static final String OPEN = "open-";

    private static final int HOURS_12 = 12 * 3600;

    /** One without limits. */
    public Tenant(String product, String apiSecret, String clientSecret, boolean journaled) {
        this(product, apiSecret, clientSecret, journaled, false);
    }

    /** A token for one endpoint; for {@code default}, one that names no device. */
    public String token(EndpointId endpoint) {
        return signed(clientSecret, endpoint, HOURS_12);
    }

    /** Whether a client's token lets it follow a topic, also if no back end has its user follow it. */
    public boolean mayFollow(String topic) {
        return topic.startsWith(OPEN);
    }

    /** One that binds nothing: signed with another secret, or expired. */
    public String badToken(EndpointId endpoint, boolean expired) {
        return expired ? signed(clientSecret, endpoint, -60) : signed(clientSecret + "-forged", endpoint, HOURS_12);
    }

    /** {@code Authorization} of the back end. */
    public String authorization() {
        byte[] pair = (product + ":" + apiSecret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static String signed(String secret, EndpointId endpoint, long seconds) {
        String device =
                endpoint.device().equals(EndpointId.DEFAULT_DEVICE) ? "" : ",\"dev\":\"" + endpoint.device() + "\"";
        String claims = "{\"iss\":\"%s\",\"sub\":\"%s\"%s,\"topics\":[\"%s*\"],\"exp\":%d}"
                .formatted(
                        endpoint.product(), endpoint.user(), device, OPEN, System.currentTimeMillis() / 1000 + seconds);
        return JsonWebToken.hs256(secret, claims);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return product + (journaled ? " (mysql" : " (redis") + (limited ? ", limited)" : ")");
    }
}
