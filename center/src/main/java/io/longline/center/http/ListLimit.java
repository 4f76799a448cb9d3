package io.longline.center.http;

import io.longline.center.CenterMetrics;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpHandler;
import io.longline.keeper.http.HttpLayer;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** So many lists of all products at the same moment: their bodies are large, and each is the work of hundreds of pushes. */
public final class ListLimit implements HttpLayer {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int limit;
    private final Semaphore room;
    private final CenterMetrics metrics;

    public ListLimit(int limit, CenterMetrics metrics) {
        this.limit = limit;
        this.room = new Semaphore(limit);
        this.metrics = metrics;
    }

    @Override
    public HttpResponse handle(HttpRequest request, HttpHandler next) {
        if (!room.tryAcquire()) {
            metrics.overListLimit();
            throw new LonglineException(ErrorCode.OVERLOADED, "center has " + limit + " lists in work")
                    .retryAfter(RETRY_AFTER);
        }
        try {
            return next.handle(request);
        } finally {
            room.release();
        }
    }
}
