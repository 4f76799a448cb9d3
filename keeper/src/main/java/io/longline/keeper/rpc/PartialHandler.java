package io.longline.keeper.rpc;

import java.util.List;

/**
 * What a service does with one batch whose requests are not done at the same time. Runs on a virtual thread of its own, so it
 * may block, in straight code.
 */
@FunctionalInterface
public interface PartialHandler<Q, A> {
    /**
     * Returns when all that it began is over; a request without a reply is then answered with INTERNAL. Whatever is thrown
     * fails the requests that have none yet. When the time is over nobody waits for replies any more, so that there is an end
     * to what one waits for here.
     */
    void handle(List<Q> requests, Deadline deadline, Replies<A> replies);
}
