package io.longline.register.route;

import com.google.rpc.Status;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests of a batch, each on a virtual thread of its own: what fails or waits is one request, not the batch. */
final class SideBySide {
    private static final Logger log = LoggerFactory.getLogger(SideBySide.class);

    private SideBySide() {}

    /** The replies in the order of the requests; {@code failed} makes the reply that carries an error. */
    static <Q, A> List<A> answer(List<Q> requests, Function<Q, A> one, Function<Status, A> failed) {
        List<Future<A>> replies;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            replies = requests.stream()
                    .map(request -> threads.submit(() -> attempt(request, one, failed)))
                    .toList();
        }
        return replies.stream().map(Future::resultNow).toList();
    }

    /** The same for one request, on the caller's thread. */
    static <Q, A> A attempt(Q request, Function<Q, A> one, Function<Status, A> failed) {
        try {
            return one.apply(request);
        } catch (RuntimeException e) {
            LonglineException error = ErrorTranslator.fromAny(e);
            if (error.code() == ErrorCode.INTERNAL) {
                log.error("a request failed", error);
            }
            return failed.apply(ErrorTranslator.toStatus(error));
        }
    }
}
