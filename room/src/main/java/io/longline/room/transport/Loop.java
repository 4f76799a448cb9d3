package io.longline.room.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop. A link, its sessions and all that is kept about them belong to one loop and are touched on it alone; what
 * runs on a loop never blocks. Tasks run in the order in which one thread gave them.
 */
public interface Loop extends Executor {

    /** Its number in this room, from 0. */
    int index();

    void later(Duration delay, Runnable task);

    /**
     * Goes on with something long: runs the task when all that has come in meanwhile was read, and what others gave the loop was done. A task given by
     * {@link #execute} instead may come before anything is read.
     */
    default void afterOthers(Runnable task) {
        later(Duration.ZERO, task);
    }

    void every(Duration period, Runnable task);

    /** Runs something on the loop when the future is done, in whatever way. */
    default <T> void whenDone(CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        CompletableFuture<T> _ = future.whenCompleteAsync(then, this);
    }

    /** Runs something on the loop and waits for what it answers. Never called on a loop. */
    default <T> T call(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, this).join();
    }
}
