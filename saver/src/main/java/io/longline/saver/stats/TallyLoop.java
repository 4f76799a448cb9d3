package io.longline.saver.stats;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.life.EachSecond;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the tally to the store each second, one call for each product of which something happened. What the store did not take is
 * written with the next; where its answer was lost, that counts twice.
 */
public final class TallyLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TallyLoop.class);
    private static final Duration STEP = Duration.ofSeconds(2);

    private final Tally tally;
    private final RedisStats stats;
    private final EachSecond loop = new EachSecond("saver-tally", this::write);

    public TallyLoop(Tally tally, RedisStats stats) {
        this.tally = tally;
        this.stats = stats;
    }

    public void start() {
        loop.start();
    }

    private void write() {
        Deadline deadline = Deadline.after(STEP);
        List<Writing> writing = new ArrayList<>();
        tally.take()
                .forEach((product, counts) -> writing.add(new Writing(product, counts, stats.count(product, counts))));
        for (Writing each : writing) {
            try {
                long _ = RedisStore.await(each.answer, deadline);
            } catch (LonglineException e) {
                log.debug("not counted yet product={}", each.product, e);
                tally.putBack(each.product, each.counts);
            }
        }
    }

    private record Writing(String product, Counts counts, CompletionStage<Long> answer) {}

    /** What happened until now is written, if the store is there. */
    @Override
    public void close() {
        loop.close();
    }
}
