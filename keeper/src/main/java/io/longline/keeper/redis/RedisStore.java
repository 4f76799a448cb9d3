package io.longline.keeper.redis;

import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Allowance;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Commands and scripts on one Redis, or on a Redis Cluster, where each goes to the node that serves its key. Many at a time
 * on one connection a node.
 *
 * <p>Every stage completes exceptionally with {@link LonglineException} only. At most 50,000 calls, and 64 MiB of them, are
 * on their way at a time; more are {@link ErrorCode#OVERLOADED}. While Redis is away callers wait, without a thread and in a
 * bounded number, up to the timeout; then {@link ErrorCode#DEPENDENCY_DOWN} of {@code redis}. A command that was on its way
 * when the connection dropped fails at once with that code: it may or may not have been carried out. One that a node
 * certainly did not carry out, because it no longer serves the key, is sent once more, to the node that does.
 *
 * <p>Stages complete on lettuce's threads: what is chained to them must not block.
 */
public final class RedisStore implements AutoCloseable {

    /** What callers have handed to a store and Redis has not answered: about the work of a second. */
    static final RpcConfig.Limit IN_FLIGHT = new RpcConfig.Limit(50_000, 64 << 20);

    /** Of the calls that are being made; unbound where they are worth sending up to the timeout. */
    static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

    private final RedisConfig config;
    private final RedisMetrics metrics;
    private final RedisLinks links;
    private final Allowance flight = new Allowance(IN_FLIGHT);

    public RedisStore(RedisConfig config, MeterRegistry registry) {
        this.config = config;
        this.metrics = new RedisMetrics(registry);
        this.links = new RedisLinks(config, metrics);
        metrics.observe(links, flight);
    }

    /** Begins to connect, and waits for it up to the timeout; a Redis that is away is no error. */
    public void start() {
        links.start();
    }

    /** Of the node that serves this key now; waits like a command. Do not keep it: each script gets the right one by itself. */
    public String runId(String key) {
        CompletableFuture<String> runId = links.present(key).thenApply(RedisLink::runId);
        return await(runId, Deadline.after(config.timeout().multipliedBy(2)));
    }

    /** Whether every key is served. */
    public boolean connected() {
        return links.connected();
    }

    /**
     * Called when some node was connected to, also where it is the same as before, or has got slots: what it serves may not
     * be what was there before. Once for the present state, if there is one; those that come while the listener runs are
     * told as one. It is given the run_ids of all nodes. On a thread of the listener's own, which may block.
     */
    public void onConnect(Consumer<Set<String>> listener) {
        links.follow(listener);
    }

    /**
     * Runs a script that checks its shard's mark: {@code KEYS[1]} is {@code markKey} and {@code ARGV[1]} the run_id of the node
     * that serves it, yours follow. An error reply {@code SHARD_LOST} fails the stage with that code.
     */
    public <T> CompletionStage<T> script(
            RedisScript script, ScriptOutputType type, String markKey, List<String> keys, List<byte[]> args) {
        if (!script.checksMark()) {
            throw new IllegalArgumentException(script + " does not check the mark; run it with unmarked()");
        }
        List<String> allKeys = new ArrayList<>(keys.size() + 1);
        allKeys.add(markKey);
        allKeys.addAll(keys);
        return run(markKey, size(args), link -> link.script(script, type, allKeys, args));
    }

    /** Runs a script that sets the mark itself, or needs none: {@code ARGV[1]} is the run_id all the same. */
    public <T> CompletionStage<T> unmarked(
            RedisScript script, ScriptOutputType type, List<String> keys, List<byte[]> args) {
        return run(keys.getFirst(), size(args), link -> link.script(script, type, keys, args));
    }

    /**
     * Runs one command, or several that need not be atomic, of which the last one's stage is returned.
     *
     * @param key the one they are about; all of them are in its slot
     */
    public <T> CompletionStage<T> command(
            String key, Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return run(key, 0, link -> link.command(command::apply));
    }

    /** Runs a command on every node that serves something; fails when one does. There is a reply at least. */
    public <T> CompletionStage<List<T>> everywhere(
            Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        List<CompletableFuture<T>> replies = links.open().stream()
                .map(link -> link.<T>command(command::apply)
                        .toCompletableFuture()
                        .copy()
                        .orTimeout(config.timeout().toNanos(), TimeUnit.NANOSECONDS))
                .toList();
        if (replies.isEmpty()) {
            return CompletableFuture.failedFuture(RedisErrors.away());
        }
        return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .thenApply(all -> replies.stream().map(CompletableFuture::join).toList())
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(RedisErrors.translated(error)));
    }

    /**
     * Goes through all keys of a pattern, a scan for each node that serves something.
     *
     * @param looks how many keys of any kind a node looks at for one page
     */
    public List<RedisKeyScan> scans(String pattern, int looks) {
        ScanArgs args = ScanArgs.Builder.matches(pattern).limit(looks);
        List<RedisKeyScan> scans = links.open().stream()
                .map(link -> new RedisKeyScan(link, args, config.timeout()))
                .toList();
        if (scans.isEmpty()) {
            throw RedisErrors.away();
        }
        return scans;
    }

    /**
     * Makes calls, any number, that are not begun after the deadline: one that has waited so long for Redis to come back fails
     * with {@link ErrorCode#DEADLINE_EXCEEDED} and is not sent. Without it a call is worth sending up to the timeout.
     */
    public static <T> T within(Deadline deadline, Supplier<T> calls) {
        return ScopedValue.where(DEADLINE, deadline).call(calls::get);
    }

    /** Waits, on a virtual thread; throws {@link LonglineException} only. */
    public static <T> T await(CompletionStage<T> stage, Deadline deadline) {
        try {
            return stage.toCompletableFuture().get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "Redis did not answer before the deadline", e)
                    .dependency("redis");
        } catch (ExecutionException e) {
            throw RedisErrors.translated(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LonglineException(ErrorCode.OVERLOADED, "interrupted while waiting for Redis", e);
        }
    }

    /** Ends the connections; commands on their way fail. */
    @Override
    public void close() {
        links.close();
    }

    private <T> CompletableFuture<T> run(String key, int size, Function<RedisLink, CompletionStage<T>> work) {
        return new RedisCall<>(links, flight, metrics, key, size, work).begin();
    }

    private static int size(List<byte[]> args) {
        int size = 0;
        for (byte[] arg : args) {
            size += arg.length;
        }
        return size;
    }
}
