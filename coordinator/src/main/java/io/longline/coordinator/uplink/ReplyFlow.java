package io.longline.coordinator.uplink;

import io.longline.coordinator.UplinkMetrics;
import io.longline.coordinator.uplink.InboxClient.Stored;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings replies into inboxes. Each is noted in its shard first, and waits there until an inbox has it, for as long as the message would
 * live: whoever has the shard's outbox lease tries it on. Any thread.
 */
final class ReplyFlow implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplyFlow.class);

    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration NOTED_WITHIN = Duration.ofSeconds(10);
    private static final Duration NOTED_AGAIN = Duration.ofMillis(200);
    /** A first try is over by then. */
    private static final Duration FIRST_TRY = Duration.ofSeconds(3);

    private static final Duration TURN = Duration.ofMillis(250);
    /** Shards that are tried on at a time. */
    private static final int LOOKS = 8;
    /** KiB of replies whose first try is under way; others wait in the shard. */
    private static final int FIRST_TRIES = 16 << 10;

    private final Tools tools;
    private final List<ShardReplies> shards;
    private final Semaphore looks = new Semaphore(LOOKS);
    private final Semaphore firstTries = new Semaphore(FIRST_TRIES);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * What it works with.
     *
     * @param inboxes what came of it; never fails
     * @param fences of the outbox leases of shards; 0: it is not ours
     */
    record Tools(
            ReplyStore store,
            Function<Reply, CompletableFuture<Stored>> inboxes,
            IntToLongFunction fences,
            InstantSource clock,
            UplinkMetrics metrics) {}

    ReplyFlow(Tools tools) {
        this.tools = tools;
        this.shards = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> new ShardReplies(shard, tools))
                .toList();
        tools.metrics.watchReplies(
                () -> shards.stream().mapToInt(ShardReplies::waiting).sum());
    }

    void start() {
        threads.execute(this::run);
    }

    /** Returns when they are noted; of those that cannot be, when each was tried once. */
    void bring(List<Reply> replies) {
        Map<Integer, List<Reply>> byShard = new LinkedHashMap<>();
        for (Reply reply : replies) {
            int shard = Shards.of(reply.to().product(), reply.to().user());
            byShard.computeIfAbsent(shard, _ -> new ArrayList<>()).add(reply);
        }
        List<Runnable> begun = new ArrayList<>();
        byShard.forEach((shard, some) -> {
            CompletionStage<ReplyStore.Noted> asked = tools.store.note(shard, some, FIRST_TRY);
            begun.add(() -> begin(shard, some, noted(shard, some, asked)));
        });
        begun.forEach(Runnable::run);
    }

    /** Of each whether it is noted. While Redis is away for a moment nothing else goes on either. */
    private List<Boolean> noted(int shard, List<Reply> replies, CompletionStage<ReplyStore.Noted> asked) {
        Deadline until = Deadline.after(NOTED_WITHIN);
        CompletionStage<ReplyStore.Noted> answer = asked;
        while (true) {
            try {
                ReplyStore.Noted noted = RedisStore.await(answer, Deadline.after(PATIENCE));
                shards.get(shard).noted(noted.waiting(), FIRST_TRY);
                return noted.kept();
            } catch (LonglineException e) {
                if (until.passed() || !pause()) {
                    log.warn("replies are not noted, and tried once count={} error={}", replies.size(), e.getMessage());
                    return Collections.nCopies(replies.size(), false);
                }
                answer = tools.store.note(shard, replies, FIRST_TRY);
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(NOTED_AGAIN);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void begin(int shard, List<Reply> replies, List<Boolean> noted) {
        List<Reply> kept = new ArrayList<>();
        List<CompletableFuture<Stored>> others = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            if (noted.get(i)) {
                kept.add(replies.get(i));
            } else {
                tools.metrics.unnoted();
                others.add(tools.inboxes.apply(replies.get(i)));
            }
        }
        if (!kept.isEmpty()) {
            tryFirst(shard, kept);
        }
        others.forEach(stored -> tools.metrics.reply(
                stored.join() == Stored.YES ? UplinkMetrics.Reply.STORED : UplinkMetrics.Reply.FAILED));
        if (!others.isEmpty()) {
            log.debug("no room for replies, they were tried once shard={} count={}", shard, others.size());
        }
    }

    private void tryFirst(int shard, List<Reply> replies) {
        int kib = replies.stream().mapToInt(ReplyFlow::kib).sum();
        if (!firstTries.tryAcquire(kib)) {
            return; // they are due soon
        }
        CompletableFuture<?> tried = shards.get(shard)
                .tryAll(replies.stream()
                        .map(reply -> new ReplyStore.Waiting(reply, Duration.ZERO))
                        .toList());
        var _ = tried.whenComplete((_, _) -> firstTries.release(kib));
    }

    /** With what there is around it. */
    private static int kib(Reply reply) {
        return 1 + (reply.text().getBytes(StandardCharsets.UTF_8).length >> 10);
    }

    private void run() {
        try {
            while (true) {
                for (ShardReplies shard : shards) {
                    if (shard.isDue()) {
                        looks.acquire();
                        threads.execute(() -> look(shard));
                    }
                }
                Thread.sleep(TURN);
            }
        } catch (InterruptedException e) {
            log.debug("closed, replies that wait stand in Redis");
        }
    }

    private void look(ShardReplies shard) {
        try {
            shard.look();
        } catch (RuntimeException e) {
            log.error("a fault of ours, the replies are tried again", e);
        } finally {
            looks.release();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
