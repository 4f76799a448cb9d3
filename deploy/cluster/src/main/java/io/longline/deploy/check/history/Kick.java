package io.longline.deploy.check.history;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a back end wants of sessions: that they end, and that for a while there is no other.
 *
 * @param device null: all of them
 * @param reason that clients are told; no other kick has it
 */
public record Kick(
        int number,
        String product,
        Set<String> users,
        @Nullable String device,
        Duration block,
        String reason) {

    /** How the reasons of all begin. */
    public static final String REASON = "kicked by ";

    public Kick {
        users = Set.copyOf(users);
    }

    public boolean isOf(EndpointId endpoint) {
        return product.equals(endpoint.product())
                && users.contains(endpoint.user())
                && (device == null || device.equals(endpoint.device()));
    }

    @Override
    public String toString() {
        return "kick " + number + " of " + product + "/" + users + "/" + (device == null ? "*" : device) + ", blocks "
                + block.toMillis() + " ms";
    }
}
