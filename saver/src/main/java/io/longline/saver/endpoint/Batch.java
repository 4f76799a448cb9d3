package io.longline.saver.endpoint;

import io.longline.keeper.error.ErrorTranslator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Several things side by side, each on a virtual thread in straight code, so that what they ask of a store is on its way
 * together. How many run is bounded by the requests that the server takes.
 */
public final class Batch {
    private Batch() {}

    /** What becomes of the items, in their order; throws what the first one threw that failed. */
    public static <I, O> List<O> together(List<I> items, Function<I, O> one) {
        if (items.size() == 1) {
            return List.of(one.apply(items.getFirst()));
        }
        List<CompletableFuture<O>> running = items.stream()
                .map(item -> CompletableFuture.supplyAsync(() -> one.apply(item), Thread::startVirtualThread))
                .toList();
        try {
            return running.stream().map(CompletableFuture::join).toList();
        } catch (RuntimeException e) {
            throw ErrorTranslator.fromAny(e);
        }
    }
}
