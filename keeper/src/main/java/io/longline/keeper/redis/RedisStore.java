package io.longline.keeper.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Commands and scripts on Redis, many at a time on one connection.
 *
 * <p>Every stage completes exceptionally with {@link LonglineException} only. At most 50,000 calls are on their way at a
 * time; more are {@link ErrorCode#OVERLOADED}. While Redis is away callers wait, without
 * a thread and in a bounded number, up to the timeout; then {@link ErrorCode#DEPENDENCY_DOWN} of {@code redis}. A command
 * that was on its way when the connection dropped fails at once with that code: it may or may not have been carried out.
 *
 * <p>Stages complete on lettuce's threads: what is chained to them must not block.
 */
public final class RedisStore implements AutoCloseable {

    /** Of calls that are not answered yet; about the work of a second. */
    static final int IN_FLIGHT_LIMIT = 50_000;

    private final RedisConfig config;
    private final RedisMetrics metrics;
    private final RedisLinks links;
    private final AtomicInteger inFlight = new AtomicInteger();

    public RedisStore(RedisConfig config, MeterRegistry registry) {
        this.config = config;
        this.metrics = new RedisMetrics(registry);
        this.links = new RedisLinks(config, metrics);
        metrics.observe(links::connected, links::waiting, inFlight::get);
    }

    /** Begins to connect, and waits for it up to the timeout; a Redis that is away is no error. */
    public void start() {
        links.start();
    }

    /** Of the Redis connected to; waits like a command. Do not keep it: each script gets the right one by itself. */
    public String runId() {
        CompletableFuture<String> runId = links.present().thenApply(RedisLink::runId);
        return await(runId, Deadline.after(config.timeout().multipliedBy(2)));
    }

    public boolean connected() {
        return links.connected();
    }

    /**
     * Called with the {@code run_id} of the present connection, if there is one, and then of each new one, also where it
     * is the same Redis; those that come while the listener runs are told as one. On a thread of the listener's own,
     * which may block.
     */
    public void onConnect(Consumer<String> runIdListener) {
        links.follow(runIdListener);
    }

    /**
     * Runs a script that checks its shard's mark: {@code KEYS[1]} is {@code markKey} and {@code ARGV[1]} the run_id, yours
     * follow. An error reply {@code SHARD_LOST} fails the stage with that code.
     */
    public <T> CompletionStage<T> script(
            RedisScript script, ScriptOutputType type, String markKey, List<String> keys, List<byte[]> args) {
        if (!script.checksMark()) {
            throw new IllegalArgumentException(script + " does not check the mark; run it with unmarked()");
        }
        List<String> allKeys = Stream.concat(Stream.of(markKey), keys.stream()).toList();
        return run(link -> link.script(script, type, allKeys, args));
    }

    /** Runs a script that sets the mark itself, or needs none: {@code ARGV[1]} is the run_id all the same. */
    public <T> CompletionStage<T> unmarked(
            RedisScript script, ScriptOutputType type, List<String> keys, List<byte[]> args) {
        return run(link -> link.script(script, type, keys, args));
    }

    /** Runs one command, or several that need not be atomic, of which the last one's stage is returned. */
    public <T> CompletionStage<T> command(
            Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return run(link -> link.command(command::apply));
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

    /** Ends the connection; commands on their way fail. */
    @Override
    public void close() {
        links.close();
    }

    private <T> CompletableFuture<T> run(Function<RedisLink, CompletionStage<T>> work) {
        if (inFlight.incrementAndGet() > IN_FLIGHT_LIMIT) {
            inFlight.decrementAndGet();
            metrics.rejectedInFlight();
            return CompletableFuture.failedFuture(
                    RedisErrors.overloaded("too many commands are on their way to Redis", null));
        }
        long started = System.nanoTime();
        CompletableFuture<T> result = new CompletableFuture<>();
        var _ = links.present().thenCompose(work).whenComplete((reply, error) -> {
            inFlight.decrementAndGet();
            metrics.command(started, error == null);
            if (error == null) {
                result.complete(reply);
            } else {
                result.completeExceptionally(RedisErrors.translated(error));
            }
        });
        return result;
    }
}
