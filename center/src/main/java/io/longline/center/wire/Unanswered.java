package io.longline.center.wire;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What it means for a back end that a service did not answer. */
public final class Unanswered {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Unanswered() {}

    /** Waits for a call to a service. */
    public static <A> A join(String service, CompletableFuture<A> asked) {
        try {
            return asked.join();
        } catch (CompletionException e) {
            throw by(service, e);
        }
    }

    /** The error itself; where nobody answered in time, that the service is down, which is what it looks like from here. */
    public static LonglineException by(String service, Throwable error) {
        LonglineException known = ErrorTranslator.fromAny(error);
        if (known.code() != ErrorCode.DEADLINE_EXCEEDED) {
            return known;
        }
        return LonglineException.dependencyDown(service, service + " did not answer in time", known)
                .retryAfter(RETRY_AFTER);
    }
}
