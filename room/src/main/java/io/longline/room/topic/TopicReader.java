package io.longline.room.topic;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.room.RoomMetrics;
import io.longline.room.delivery.Backoff;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the follows of one loop level with their logs. Those that are equally far share one call, and one that fails is tried again as long
 * as anybody waits for it. A session reads one log at a time, its follows in turn, and a loop so many, so that what is in memory is bounded however
 * much there is to read and however slowly clients take it. A page goes to its followers a piece at a time, so that reads, heartbeats and single
 * pushes keep their turn.
 */
final class TopicReader {
    /** Of a loop; each brings at most a page. The others wait, in order. */
    static final int MOST_AT_ONCE = 128;

    private static final Logger log = LoggerFactory.getLogger(TopicReader.class);
    private static final int LIMIT = 64;
    /** So many messages are written before others have their turn. */
    private static final int PIECE = 512;

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);

    private final Loop loop;
    private final TopicLogs logs;
    private final MergePolicy merge;
    private final LongSupplier nowMs;
    private final RoomMetrics metrics;
    private final Backoff backoff = new Backoff(FIRST_RETRY, MAX_RETRY, RandomGenerator.getDefault());
    private final Queue<TopicRead> turns = new ArrayDeque<>();
    private int there;
    private int atOnce;

    TopicReader(Loop loop, TopicLogs logs, MergePolicy merge, LongSupplier nowMs, RoomMetrics metrics) {
        this.loop = loop;
        this.logs = logs;
        this.merge = merge;
        this.nowMs = nowMs;
        this.metrics = metrics;
    }

    /** How many reads wait, are under way, or are to be tried again. There are never more than follows. */
    int size() {
        return there;
    }

    /** To be called after whatever may have made a read possible or necessary: a hint, a new position. */
    void level(Follow follow) {
        if (follow.wantsRead()) {
            if (follow.of().isFree()) {
                join(follow);
            } else {
                follow.of().oneWaits();
            }
        }
    }

    /** The same for whichever of the session's follows has its turn: its link takes things again, or what it read last is over. */
    void level(SessionFollows of) {
        of.oneWaits();
        Follow next = of.isFree() ? of.nextToRead() : null;
        while (next != null) {
            join(next);
            next = of.isFree() ? of.nextToRead() : null;
        }
    }

    private void join(Follow follow) {
        Followers of = follow.followers();
        TopicRead read = of.read(follow.sent(), follow.upto());
        if (read == null) {
            TopicRead fresh = prepared(of, follow.sent(), follow.upto());
            loop.execute(
                    () -> begin(fresh)); // others that are as far may come before the loop has done its present work
            join(follow, fresh);
        } else {
            join(follow, read);
        }
    }

    private static void join(Follow follow, TopicRead read) {
        read.add(follow);
        if (!read.isResting()) {
            boolean _ = follow.of().takes(read);
        }
    }

    private TopicRead prepared(Followers of, long after, long upto) {
        TopicRead read = new TopicRead(of, after, upto);
        of.put(read);
        there++;
        return read;
    }

    private void begin(TopicRead read) {
        turns.add(read);
        beginNext();
    }

    private void beginNext() {
        while (atOnce < MOST_AT_ONCE) {
            TopicRead next = turns.poll();
            if (next == null) {
                return;
            }
            beginNow(next);
        }
    }

    private void beginNow(TopicRead read) {
        List<Follow> left = read.begin();
        if (read.served().isEmpty()) {
            over(read);
        } else {
            call(read);
        }
        left.forEach(follow -> release(follow, read));
    }

    private void call(TopicRead read) {
        atOnce++;
        metrics.topicRead();
        Followers of = read.of();
        loop.whenDone(logs.read(of.product(), of.topic(), read.after(), read.upto(), LIMIT), (page, error) -> {
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
        there--;
        read.of().remove(read);
    }

    /** The session may read something else. */
    private void release(Follow follow, TopicRead read) {
        follow.of().free(read);
        if (follow.of().doesOneWait()) {
            level(follow.of());
        }
    }

    /** For those who came while it was under way. */
    private void goOn(TopicRead ended) {
        if (ended.waiting().isEmpty()) {
            return;
        }
        TopicRead next = prepared(ended.of(), ended.after(), ended.upto());
        for (Follow follow : ended.waiting()) {
            if (follow.awaitsStill(ended)) {
                follow.of().free(ended);
                join(follow, next);
            } else {
                release(follow, ended);
            }
        }
        begin(next);
    }

    private void hand(TopicRead read, int first, TopicPage page) {
        List<Follow> served = read.served();
        boolean together = merge.windowMs(read.of()) > 0;
        int next = first;
        for (int written = 0; next < served.size() && written < PIECE; next++) {
            Follow follow = served.get(next);
            if (follow.awaitsStill(read)) {
                int ofThis = follow.read(page, together, nowMs.getAsLong());
                metrics.topicWrittenFromLog(ofThis);
                written += 1 + ofThis;
                if (follow.wantsRead()) {
                    follow.of().oneWaits();
                }
            }
            release(follow, read);
        }
        if (next < served.size()) {
            int from = next;
            loop.afterOthers(() -> hand(read, from, page));
        } else {
            ended();
        }
    }

    private void ended() {
        atOnce--;
        beginNext();
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
        List.copyOf(read.waiting()).forEach(follow -> release(follow, read));
        loop.later(backoff.after(failures), () -> {
            read.restIsOver();
            begin(read);
        });
        ended();
    }

    private static String reason(@Nullable Throwable error) {
        if (error == null) {
            return "nothing came, though there is more";
        }
        LonglineException known = ErrorTranslator.fromAny(error);
        return known.code() + " " + known.getMessage();
    }
}
