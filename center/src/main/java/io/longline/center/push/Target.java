package io.longline.center.push;

import io.longline.center.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Whom a push is for.
 *
 * @param device null: the user's known devices
 */
public record Target(String user, @Nullable String device) {

    public Endpoint endpoint(String product, String toDevice) {
        return new Endpoint(product, user, toDevice);
    }
}
