package io.longline.keeper.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection and the {@code run_id} read on it: one immutable pair. It is never connected again; when it drops or falls
 * silent its commands fail and another link takes its place.
 */
final class RedisLink {

    private final StatefulRedisConnection<String, byte[]> connection;
    private final String runId;
    private final long silenceNanos;
    /** When Redis last said anything here. */
    private volatile long heardNanos = System.nanoTime();

    RedisLink(StatefulRedisConnection<String, byte[]> connection, String runId, Duration silence) {
        this.connection = connection;
        this.runId = runId;
        this.silenceNanos = silence.toNanos();
    }

    String runId() {
        return runId;
    }

    boolean open() {
        return connection.isOpen();
    }

    <T> CompletionStage<T> command(Function<RedisAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
        return command.apply(connection.async()).whenComplete((reply, error) -> heard(error));
    }

    /** By its hash; by its text, which makes Redis remember it, where Redis does not know it. */
    <T> CompletionStage<T> script(RedisScript script, ScriptOutputType type, List<String> keys, List<byte[]> args) {
        String[] keyArray = keys.toArray(String[]::new);
        byte[][] argArray = new byte[args.size() + 1][];
        argArray[0] = runId.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < args.size(); i++) {
            argArray[i + 1] = args.get(i);
        }
        CompletionStage<T> byHash = command(redis -> redis.<T>evalsha(script.sha1(), type, keyArray, argArray));
        return byHash.exceptionallyCompose(error -> isUnknownScript(error)
                ? command(redis -> redis.<T>eval(script.text(), type, keyArray, argArray))
                : CompletableFuture.failedStage(error));
    }

    /** A stage that depends on another hands the failure on in a wrapper. */
    private static boolean isUnknownScript(Throwable error) {
        return error instanceof RedisNoScriptException || error.getCause() instanceof RedisNoScriptException;
    }

    void close() {
        var _ = connection.closeAsync();
    }

    /**
     * A command that timed out on a link that has been silent for as long means that the peer hangs or that the network
     * lost it without a word: only a new connection finds out.
     */
    private void heard(@Nullable Throwable error) {
        if (error instanceof RedisCommandTimeoutException) {
            if (System.nanoTime() - heardNanos >= silenceNanos) {
                close();
            }
        } else {
            heardNanos = System.nanoTime();
        }
    }
}
