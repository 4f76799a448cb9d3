package io.longline.register.route;

import io.longline.keeper.rpc.Deadline;
import io.longline.register.endpoint.Endpoint;

/**
 * What calls that failed, or are under way, left on its way to the journal, of what an endpoint follows: the journal may have it. Before
 * a session is told what is so, the journal is.
 */
@FunctionalInterface
public interface LeftNotes {

    /**
     * Has the journal know what is so.
     *
     * @return false if it could not be told now
     * @throws io.longline.keeper.error.LonglineException DEPENDENCY_DOWN redis
     */
    boolean settle(Endpoint endpoint, Deadline deadline);
}
