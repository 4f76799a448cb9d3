package io.longline.bench.failure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls under way, so many at a time. For one thread that begins them. */
final class InFlight {
    private final int limit;
    private final Semaphore free;

    InFlight(int limit) {
        this.limit = limit;
        this.free = new Semaphore(limit);
    }

    /** Waits for its turn, then begins a call; a consumer is told on a thread of the call's. */
    <T> void begin(Supplier<CompletableFuture<T>> call, Consumer<T> answered, Consumer<Throwable> failed)
            throws InterruptedException {
        free.acquire();
        var _ = call.get().whenComplete((answer, error) -> {
            if (error == null) {
                answered.accept(answer);
            } else {
                failed.accept(error);
            }
            free.release();
        });
    }

    /** Waits for all. */
    void end() throws InterruptedException {
        free.acquire(limit);
        free.release(limit);
    }
}
