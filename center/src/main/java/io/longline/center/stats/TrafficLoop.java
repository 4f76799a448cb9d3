package io.longline.center.stats;

import io.longline.center.traffic.Traffic;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.life.EachSecond;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells saver each second what was taken and refused here. What saver did not answer is told again, which may count twice. */
public final class TrafficLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrafficLoop.class);
    private static final Duration STEP = Duration.ofSeconds(2);

    private final Traffic traffic;
    private final StatsClient stats;
    private final EachSecond loop = new EachSecond("center-traffic", this::tell);

    public TrafficLoop(Traffic traffic, StatsClient stats) {
        this.traffic = traffic;
        this.stats = stats;
    }

    public void start() {
        loop.start();
    }

    private void tell() {
        Deadline deadline = Deadline.after(STEP);
        List<Telling> telling = new ArrayList<>();
        traffic.take()
                .forEach((product, seen) ->
                        telling.add(new Telling(product, seen, stats.count(product, seen, deadline))));
        for (Telling each : telling) {
            try {
                StatsClient.await(each.answer);
            } catch (LonglineException e) {
                log.debug("not counted yet product={}", each.product, e);
                traffic.putBack(each.product, each.seen);
            }
        }
    }

    private record Telling(String product, Traffic.Seen seen, CompletableFuture<?> answer) {}

    /** What was seen until now is told, if saver is there. */
    @Override
    public void close() {
        loop.close();
    }
}
