package io.longline.saver;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.saver.journal.MysqlSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether the stores are set up as the promises need it. On a Redis that may evict nothing is served; what
 * is weaker than promised is a warning, in the log and in {@code longline status}.
 */
final class StoreChecks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreChecks.class);
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration PERIOD_WHEN_UNFIT = Duration.ofSeconds(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final RedisStore redis;
    private final MysqlSettings mysql;
    private final BlockingQueue<Boolean> wakeUp = new LinkedBlockingQueue<>(1);
    private final Thread thread = Thread.ofVirtual().name("saver-store-checks").unstarted(this::run);
    private volatile Optional<String> problem = Optional.empty();
    private volatile List<String> ofRedis = List.of();
    private volatile List<String> ofMysql = List.of();
    private volatile Consumer<List<String>> onWarnings = warnings -> {};

    StoreChecks(RedisStore redis, MysqlSettings mysql) {
        this.redis = redis;
        this.mysql = mysql;
    }

    /**
     * The first look, and from then on more of them.
     *
     * @throws LonglineException INVALID_ARGUMENT on a Redis that may evict; one that is away is looked at when it comes
     */
    void start() {
        if (redis.connected()) {
            lookAtRedis();
            problem.ifPresent(text -> {
                throw new LonglineException(ErrorCode.INVALID_ARGUMENT, text);
            });
        }
        thread.start();
    }

    /** Looks as soon as possible: this may be another Redis. Does not block. */
    void lookNow() {
        wakeUp.offer(true);
    }

    /** Why nothing can be served. */
    Optional<String> problem() {
        return problem;
    }

    /** Before each use of Redis; DEPENDENCY_DOWN where it is not fit for it. */
    void requireFit() {
        problem.ifPresent(text -> {
            throw LonglineException.dependencyDown("redis", text, null).retryAfter(RETRY_AFTER);
        });
    }

    /** Is told what is weaker than promised: now, and each time it has changed. */
    void onWarnings(Consumer<List<String>> listener) {
        onWarnings = listener;
        listener.accept(warnings());
    }

    private List<String> warnings() {
        List<String> all = new ArrayList<>(ofRedis);
        all.addAll(ofMysql);
        return List.copyOf(all);
    }

    private void run() {
        try {
            while (true) {
                List<String> before = warnings();
                lookAtRedis();
                lookAtMysql();
                tell(before);
                Duration pause = problem.isPresent() ? PERIOD_WHEN_UNFIT : PERIOD;
                wakeUp.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            log.debug("closed");
        }
    }

    private void tell(List<String> before) {
        List<String> now = warnings();
        now.stream().filter(warning -> !before.contains(warning)).forEach(log::warn);
        if (!now.equals(before)) {
            onWarnings.accept(now);
        }
    }

    private void lookAtRedis() {
        try {
            List<RedisSettings> nodes = RedisStore.await(RedisSettings.read(redis), Deadline.after(TIME));
            Optional<String> found =
                    nodes.stream().flatMap(node -> node.problem().stream()).findFirst();
            if (found.isPresent() && problem.isEmpty()) {
                log.error("{}; until then nothing is served", found.get());
            } else if (found.isEmpty() && problem.isPresent()) {
                log.info("redis is set up as it should be");
            }
            problem = found;
            ofRedis = nodes.stream()
                    .flatMap(node -> node.warnings().stream())
                    .distinct()
                    .toList();
        } catch (LonglineException e) {
            log.debug("redis does not tell how it is set up", e);
        }
    }

    private void lookAtMysql() {
        try {
            ofMysql = mysql.warnings();
        } catch (LonglineException e) {
            log.debug("mysql does not tell how it is set up", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
