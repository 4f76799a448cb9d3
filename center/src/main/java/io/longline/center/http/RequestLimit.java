package io.longline.center.http;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** So many requests at the same moment; beyond them 503 OVERLOADED. */
public final class RequestLimit implements HttpLayer {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Semaphore room;
    private final String whenFull;
    private final Runnable refused;

    /**
     * Creates one.
     *
     * @param whenFull what is told then
     * @param refused counts
     */
    public RequestLimit(int limit, String whenFull, Runnable refused) {
        this.room = new Semaphore(limit);
        this.whenFull = whenFull;
        this.refused = refused;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        if (!room.tryAcquire()) {
            refused.run();
            throw new LonglineException(ErrorCode.OVERLOADED, whenFull).retryAfter(RETRY_AFTER);
        }
        try {
            return next.handle(request);
        } finally {
            room.release();
        }
    }
}
