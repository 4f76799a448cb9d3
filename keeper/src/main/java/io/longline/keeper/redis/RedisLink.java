package io.longline.keeper.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.longline.keeper.error.LonglineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection and the {@code run_id} read on it: one immutable pair. It is never connected again; when it drops or falls
 * silent its commands fail and another link takes its place.
 */
final class RedisLink {

    private final StatefulRedisConnection<String, byte[]> connection;
    private final String host;
    private final RedisFacts facts;
    private final byte[] runId;
    private final long silenceNanos;
    private final RedisBreaker breaker;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean leaving;
    /** Hashes of scripts whose texts were sent on this connection: what is sent behind them finds them known. */
    private final Set<String> remembered = ConcurrentHashMap.newKeySet();

    /** When Redis last said anything here. */
    private volatile long heardNanos = System.nanoTime();

    /** The newest question for the view, of the thread that looks; and when it was asked. */
    private @Nullable CompletableFuture<String> view;

    private long viewAskedNanos;

    RedisLink(StatefulRedisConnection<String, byte[]> connection, String host, RedisFacts facts, Duration silence) {
        this.connection = connection;
        this.host = host;
        this.facts = facts;
        this.runId = facts.runId().getBytes(StandardCharsets.US_ASCII);
        this.silenceNanos = silence.toNanos();
        this.breaker = new RedisBreaker(host, silence);
    }

    String runId() {
        return facts.runId();
    }

    RedisFacts facts() {
        return facts;
    }

    String host() {
        return host;
    }

    /** Whether calls may be sent on it. */
    boolean open() {
        return connection.isOpen() && !leaving;
    }

    boolean breakerClosed() {
        return breaker.isClosed();
    }

    /** Lets one more call be sent, or says why not; one that is let is told of by {@link #left}, when all is over. */
    @Nullable
    LonglineException enter() {
        if (inFlight.incrementAndGet() > limit()) {
            inFlight.decrementAndGet();
            return RedisErrors.overloaded("too many commands are on their way to this node of Redis", null);
        }
        if (!breaker.permits()) {
            inFlight.decrementAndGet();
            return RedisErrors.slow();
        }
        return null;
    }

    /** Of several nodes none takes all that may be on its way. */
    private int limit() {
        int all = RedisStore.IN_FLIGHT.requests();
        return facts.cluster() ? all / 2 : all;
    }

    /** Nothing of a call that was let in is on its way any more. */
    void left() {
        if (inFlight.decrementAndGet() == 0 && leaving) {
            close();
        }
    }

    /** Nothing is sent on it any more; it is closed when Redis has answered what is on its way, so that nobody has to wonder about that. */
    void leave() {
        leaving = true;
        if (inFlight.get() == 0) {
            close();
        }
    }

    void answered(long nanos) {
        breaker.answered(nanos);
    }

    /**
     * A command that timed out on a link that has been silent for as long means that the peer hangs or that the network
     * lost it without a word: only a new connection finds out.
     */
    void timedOut(long nanos) {
        breaker.timedOut(nanos);
        if (System.nanoTime() - heardNanos >= silenceNanos) {
            close();
        }
    }

    /** Ends when Redis has answered or the link is closed, however long that takes. */
    <T> CompletionStage<T> command(Function<RedisAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
        return command.apply(connection.async()).whenComplete((reply, error) -> heardNanos = System.nanoTime());
    }

    /**
     * By its text the first time, which makes Redis remember it, then by its hash: of the many calls that wait for a new link only a few carry
     * the text. Calls of one thread are carried out in the order they were made, the first ones, too.
     */
    <T> CompletionStage<T> script(RedisScript script, ScriptOutputType type, List<String> keys, List<byte[]> args) {
        String[] keyArray = keys.toArray(String[]::new);
        byte[][] argArray = new byte[args.size() + 1][];
        argArray[0] = runId;
        for (int i = 0; i < args.size(); i++) {
            argArray[i + 1] = args.get(i);
        }
        if (!remembered.contains(script.sha1())) {
            return byText(script, type, keyArray, argArray);
        }
        CompletionStage<T> byHash = command(redis -> redis.<T>evalsha(script.sha1(), type, keyArray, argArray));
        return byHash.exceptionallyCompose(error -> {
            if (isUnknownScript(error)) {
                remembered.remove(script.sha1());
                return byText(script, type, keyArray, argArray);
            }
            return CompletableFuture.failedStage(error);
        });
    }

    private <T> CompletionStage<T> byText(RedisScript script, ScriptOutputType type, String[] keys, byte[][] args) {
        CompletionStage<T> answer = command(redis -> redis.<T>eval(script.text(), type, keys, args));
        remembered.add(script.sha1());
        return answer;
    }

    /** Somebody made Redis forget it, or Redis refused to look at the text. A stage that depends on another hands the failure on in a wrapper. */
    private static boolean isUnknownScript(Throwable error) {
        return error instanceof RedisNoScriptException || error.getCause() instanceof RedisNoScriptException;
    }

    /** How this node sees its cluster. One question at a time; one that stays without an answer ends the link. */
    CompletableFuture<String> view() {
        CompletableFuture<String> asked = view;
        if (asked == null || asked.isDone()) {
            viewAskedNanos = System.nanoTime();
            asked = command(RedisAsyncCommands::clusterNodes).toCompletableFuture();
            view = asked;
        } else if (System.nanoTime() - viewAskedNanos >= silenceNanos && heardNanos - viewAskedNanos < 0) {
            close();
        }
        return asked;
    }

    /** Also for one that dropped: lettuce remembers it until then. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            var _ = connection.closeAsync();
        }
    }
}
