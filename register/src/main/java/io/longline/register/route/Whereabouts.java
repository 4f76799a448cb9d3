package io.longline.register.route;

import io.longline.register.endpoint.Route;

/** Where the session of an endpoint is. */
public sealed interface Whereabouts {

    record Online(Route route) implements Whereabouts {}

    record Offline() implements Whereabouts {}

    /** The shard is being rebuilt: it may be online. */
    record Unknown() implements Whereabouts {}
}
