package io.longline.register.route;

import io.longline.register.endpoint.Route;
import java.util.Optional;

/**
 * A device that was bound once and not forgotten since.
 *
 * @param lastSeenMs when it was last bound or unbound
 * @param network as of its last bind, "" where it did not say
 * @param route empty: offline
 */
public record KnownDevice(String device, long lastSeenMs, String network, Optional<Route> route) {

    boolean isOnline() {
        return route.isPresent();
    }
}
