package io.longline.bench.push;

import io.netty.util.concurrent.Future;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One push, from when it is handed over until its status is known. */
final class Push {
    private final String path;
    private final byte[] body;
    private final CompletableFuture<OptionalInt> status = new CompletableFuture<>();
    private @Nullable Future<?> deadline;
    private @Nullable Connection connection;

    Push(String path, byte[] body) {
        this.path = path;
        this.body = body;
    }

    /** What is asked for. */
    String path() {
        return path;
    }

    byte[] body() {
        return body;
    }

    CompletableFuture<OptionalInt> status() {
        return status;
    }

    /** When it is answered before, that is called off. */
    void endsBy(Future<?> timer) {
        deadline = timer;
    }

    /** No longer waits for a connection. */
    void goesOn(Connection taken) {
        connection = taken;
    }

    /** Null: it waits for one. */
    @Nullable
    Connection connection() {
        return connection;
    }

    void answered(int code) {
        end(OptionalInt.of(code));
    }

    void endsUnanswered() {
        end(OptionalInt.empty());
    }

    private void end(OptionalInt with) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        status.complete(with);
    }
}
