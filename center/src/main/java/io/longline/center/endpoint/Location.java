package io.longline.center.endpoint;

import io.longline.keeper.error.LonglineException;

/** What register knows about an endpoint's session. */
public sealed interface Location {

    record Online(Route route) implements Location {}

    record Offline() implements Location {}

    /** Its shard is being rebuilt, or register did not answer: it may be online. */
    record Unknown(LonglineException why) implements Location {}
}
