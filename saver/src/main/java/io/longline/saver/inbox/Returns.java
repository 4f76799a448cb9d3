package io.longline.saver.inbox;

import io.longline.keeper.rpc.Deadline;
import io.longline.saver.endpoint.Endpoint;

/** Brings messages of an endpoint back that are in MySQL alone. */
@FunctionalInterface
public interface Returns {

    /**
     * Returns when nothing of it is away; at once where nothing is.
     *
     * @throws io.longline.keeper.error.LonglineException DEPENDENCY_DOWN {@code mysql}
     */
    void bringBack(Endpoint endpoint, Deadline deadline);
}
