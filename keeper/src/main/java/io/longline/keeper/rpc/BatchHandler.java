package io.longline.keeper.rpc;

import java.util.List;

/** What a service does with one batch whose requests are done in one step. Runs on a virtual thread of its own, so it may block, in straight code. */
@FunctionalInterface
public interface BatchHandler<Q, A> {
    /**
     * The replies, one for each request and in their order. A request that fails has the error set in its own reply
     * ({@link io.longline.keeper.error.ErrorTranslator#toStatus}); whatever is thrown fails every request of the batch.
     */
    List<A> handle(List<Q> requests, Deadline deadline);
}
