package io.longline.keeper.rpc;

/** What a service does with one request of a batch. Runs on a virtual thread of its own, beside its neighbours. */
@FunctionalInterface
public interface ItemHandler<Q, A> {
    /** The reply; whatever is thrown is the error of this request alone. */
    A handle(Q request, Deadline deadline);
}
