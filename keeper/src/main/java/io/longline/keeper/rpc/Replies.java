package io.longline.keeper.rpc;

import java.util.List;

/**
 * Takes the replies to one batch, from any thread and in any order. Those that come close together leave together. The first
 * reply to a request stands, later ones are of no effect. {@code put} and {@code fail} neither block nor send, so event loops
 * may.
 */
public interface Replies<A> {
    /** The reply to the request at that index. */
    void put(int index, A reply);

    /** The request at that index failed. What is none of our errors is INTERNAL, and logged. */
    void fail(int index, Throwable error);

    /** The replies to all requests, in their order. */
    void putAll(List<A> replies);
}
