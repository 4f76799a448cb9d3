package io.longline.center.stats;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpRequest;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.product.Product;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/stats}: counts and rates of the product that asks. It costs a call for each shard, so an answer, or why there was none, is
 * good for a second, however many ask.
 */
public final class StatsHttp {
    private static final int OK = 200;
    private static final long GOOD_FOR = TimeUnit.SECONDS.toNanos(1);

    private final StatsClient client;
    private final Duration patience;
    private final Map<String, Latest> products = new ConcurrentHashMap<>();

    public StatsHttp(StatsClient client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    public HttpResponse get(HttpRequest request) {
        for (String name : request.query().keySet()) {
            throw LonglineException.invalid(name, "is not known, expected no parameters");
        }
        String product = request.attached(Product.class).id();
        ProductStats stats =
                products.computeIfAbsent(product, _ -> new Latest()).get(product);
        return HttpResponse.json(OK, stats.toJson());
    }

    /** Of one product; whoever asks while it is being asked for waits for that answer. */
    private final class Latest {
        private @Nullable ProductStats stats;
        private @Nullable LonglineException failure;
        private long at;

        synchronized ProductStats get(String product) {
            if ((stats == null && failure == null) || System.nanoTime() - at > GOOD_FOR) {
                refresh(product);
            }
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(stats);
        }

        private void refresh(String product) {
            try {
                stats = client.ask(product, Deadline.after(patience));
                failure = null;
            } catch (LonglineException e) {
                failure = e;
            }
            at = System.nanoTime();
        }
    }
}
