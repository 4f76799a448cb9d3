package io.longline.saver.endpoint;

import com.google.rpc.Status;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the items of a batch side by side, each on a virtual thread in straight code, so that what they ask of a store is on
 * its way together. How many run is bounded by the batches the server takes.
 */
public final class Batch {
    private static final Logger log = LoggerFactory.getLogger(Batch.class);

    private Batch() {}

    /** The replies in the order of the requests; one that fails is answered with its error and fails alone. */
    public static <Q, A> List<A> answer(List<Q> requests, Function<Q, A> one, Function<Status, A> failure) {
        return together(requests, request -> {
            try {
                return one.apply(request);
            } catch (RuntimeException e) {
                LonglineException error = ErrorTranslator.fromAny(e);
                if (error.code() == ErrorCode.INTERNAL) {
                    log.error("an item of a batch failed", error);
                }
                return failure.apply(ErrorTranslator.toStatus(error));
            }
        });
    }

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
