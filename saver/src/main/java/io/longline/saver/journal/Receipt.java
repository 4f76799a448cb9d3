package io.longline.saver.journal;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The commit of one entry. */
public final class Receipt {
    /** Of what nobody waits for. */
    public static final Receipt DONE = wished(CompletableFuture.completedFuture(null), Duration.ZERO);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final CompletableFuture<@Nullable Void> committed;
    private final Duration patience;
    private final boolean required;

    private Receipt(CompletableFuture<@Nullable Void> committed, Duration patience, boolean required) {
        this.committed = committed;
        this.patience = patience;
        this.required = required;
    }

    /** Of a commit without which nothing goes on. */
    static Receipt required(CompletableFuture<@Nullable Void> committed, Duration patience) {
        return new Receipt(committed, patience, true);
    }

    /** Of a commit that is waited for so long, and not longer. */
    static Receipt wished(CompletableFuture<@Nullable Void> committed, Duration patience) {
        return new Receipt(committed, patience, false);
    }

    /**
     * Returns when it is committed, or when it was only wished for and takes too long.
     *
     * @throws LonglineException DEPENDENCY_DOWN {@code mysql} when a required one takes too long; it may be written later
     */
    public void await(Deadline deadline) {
        try {
            committed.get(deadline.atMost(patience).remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (!required) {
                return;
            }
            throw LonglineException.dependencyDown("mysql", "no commit in mysql within the time", e)
                    .retryAfter(RETRY_AFTER);
        } catch (ExecutionException e) {
            throw ErrorTranslator.fromAny(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LonglineException.dependencyDown("mysql", "interrupted while waiting for a commit", e);
        }
    }
}
