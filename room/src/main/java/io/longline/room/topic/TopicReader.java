package io.longline.room.topic;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.room.RoomMetrics;
import io.longline.room.delivery.Backoff;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the follows of one loop level with their logs. Those that are equally far share one call, and one that fails is tried again as long
 * as anybody waits for it. A page goes to its followers a piece at a time, so that reads, heartbeats and single pushes keep their turn.
 */
final class TopicReader {
    private static final Logger log = LoggerFactory.getLogger(TopicReader.class);
    private static final int LIMIT = 64;
    /** So many messages are written before others have their turn. */
    private static final int PIECE = 512;

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);

    private final Loop loop;
    private final TopicLogs logs;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;
    private final Backoff backoff = new Backoff(FIRST_RETRY, MAX_RETRY, RandomGenerator.getDefault());
    private int underWay;

    TopicReader(Loop loop, TopicLogs logs, LongSupplier nowMs, RoomMetrics metrics) {
        this.loop = loop;
        this.logs = logs;
        this.nowMs = nowMs;
        this.metrics = metrics;
    }

    /** How many reads are under way, or are to be tried again. There are never more than follows. */
    int size() {
        return underWay;
    }

    /** To be called after whatever may have made a read possible or necessary: a hint, a new position, a link that takes things again. */
    void level(Follow follow) {
        if (!follow.wantsRead()) {
            return;
        }
        Followers of = follow.followers();
        TopicRead read = of.read(follow.sent());
        if (read == null) {
            TopicRead fresh = prepared(of, follow.sent());
            loop.execute(
                    () -> begin(fresh)); // others that are as far may come before the loop has done its present work
            fresh.add(follow);
        } else {
            read.add(follow);
        }
    }

    private TopicRead prepared(Followers of, long after) {
        TopicRead read = new TopicRead(of, after);
        of.put(read);
        underWay++;
        return read;
    }

    private void begin(TopicRead read) {
        if (!read.begin()) {
            over(read);
            return;
        }
        metrics.topicRead();
        Followers of = read.of();
        loop.whenDone(logs.read(of.product(), of.topic(), read.after(), LIMIT), (page, error) -> {
            if (page == null || page.idle(read.after())) {
                failed(read, error);
            } else {
                over(read);
                goOn(read);
                hand(read, 0, page);
            }
        });
    }

    private void over(TopicRead read) {
        underWay--;
        read.of().remove(read);
    }

    /** For those who came while it was under way. */
    private void goOn(TopicRead ended) {
        if (!ended.waiting().isEmpty()) {
            TopicRead next = prepared(ended.of(), ended.after());
            ended.waiting().stream().filter(follow -> follow.awaitsStill(ended)).forEach(next::add);
            begin(next);
        }
    }

    private void hand(TopicRead read, int first, TopicPage page) {
        List<Follow> served = read.served();
        int next = first;
        for (int written = 0; next < served.size() && written < PIECE; next++) {
            Follow follow = served.get(next);
            if (follow.awaitsStill(read)) {
                int ofThis = follow.read(page, nowMs.getAsLong());
                metrics.topicWrittenFromLog(ofThis);
                written += 1 + ofThis;
                level(follow);
            }
        }
        if (next < served.size()) {
            int from = next;
            loop.execute(() -> hand(read, from, page));
        }
    }

    private void failed(TopicRead read, @Nullable Throwable error) {
        metrics.topicReadFailed();
        int failures = read.failed();
        if (log.isDebugEnabled()) {
            log.debug(
                    "read failed topic={}/{} after={} failures={} error={}",
                    read.of().product(),
                    read.of().topic(),
                    read.after(),
                    failures,
                    reason(error));
        }
        loop.later(backoff.after(failures), () -> begin(read));
    }

    private static String reason(@Nullable Throwable error) {
        if (error == null) {
            return "nothing came, though there is more";
        }
        LonglineException known = ErrorTranslator.fromAny(error);
        return known.code() + " " + known.getMessage();
    }
}
