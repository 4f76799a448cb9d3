package io.longline.keeper.redis;

import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What lettuce and Redis say, in our error codes. */
final class RedisErrors {

    /** When it is worth trying again; Redis restarts in about so long. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private static final String QUEUE_FULL = "Request queue size exceeded";
    /** At the beginning, or inside what a script passes on. It was not written, and may be the next time. */
    private static final Pattern CANNOT_SERVE =
            Pattern.compile("(?:^|[\\s:-])(MISCONF|NOREPLICAS|MASTERDOWN|CLUSTERDOWN)\\b");

    /** A node of a cluster that does not serve the slot, or not all of it; a script may be told so half-way. */
    private static final Pattern MOVING =
            Pattern.compile("^(?:MOVED|ASK|TRYAGAIN)\\b|attempted to access a non local key|the cluster is down");

    /** Said before anything was done. */
    private static final Pattern NOT_BEGUN = Pattern.compile("^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\\b");

    private static final String READ_ONLY = "READONLY You can't write";
    private static final String NOT_CONNECTED = "Currently not connected";

    private static final Pattern LEADING_WORD = Pattern.compile("(?:ERR )?([A-Z][A-Z_]+)(?: (.*))?", Pattern.DOTALL);

    private RedisErrors() {}

    /** Why a node certainly carried nothing out of a call, so that it may be sent to another. */
    enum Refusal {
        /** Another node has the slot, or soon will. */
        MOVED,
        /** It is a master no more. */
        DEMOTED,
        /** The connection was gone before. */
        NOT_SENT
    }

    /** None where it may have been carried out, or was refused for another reason. */
    static @Nullable Refusal refusal(Throwable error) {
        return switch (error) {
            case CompletionException e when e.getCause() != null -> refusal(e.getCause());
            case RedisReadOnlyException e -> Refusal.DEMOTED;
            case RedisCommandExecutionException e
            when NOT_BEGUN.matcher(String.valueOf(e.getMessage())).find() -> Refusal.MOVED;
            // The first write of a script meets it, so nothing was written.
            case RedisCommandExecutionException e
            when String.valueOf(e.getMessage()).contains(READ_ONLY) -> Refusal.DEMOTED;
            case RedisException e when String.valueOf(e.getMessage()).startsWith(NOT_CONNECTED) -> Refusal.NOT_SENT;
            // Netty's word for what was not written as a whole, and a piece of a command is none.
            case ClosedChannelException e -> Refusal.NOT_SENT;
            default -> null;
        };
    }

    static LonglineException translated(Throwable error) {
        return switch (error) {
            case CompletionException e when e.getCause() != null -> translated(e.getCause());
            case ExecutionException e when e.getCause() != null -> translated(e.getCause());
            case LonglineException e -> e;
            case RedisLoadingException e -> down("Redis is loading its data", e);
            case RedisReadOnlyException e -> down("Redis is a read-only replica", e);
            case RedisBusyException e -> down("Redis is busy with a script", e);
            case RedisCommandTimeoutException e -> late();
            case RedisCommandExecutionException e -> reply(e);
            case IOException e -> down("the connection to Redis broke", e);
            case RedisException e
            when String.valueOf(e.getMessage()).startsWith(QUEUE_FULL) ->
                overloaded("too many commands are on their way to Redis", e);
            case RedisException e -> down("the connection to Redis is gone", e);
            case TimeoutException e -> down("Redis is away", e);
            case CancellationException e -> down("the connection to Redis was closed", e);
            default -> new LonglineException(ErrorCode.INTERNAL, "Redis: " + error, error);
        };
    }

    static LonglineException away() {
        return down("Redis is away", null);
    }

    static LonglineException late() {
        return down("Redis did not answer in time", null);
    }

    static LonglineException slow() {
        return down("Redis is too slow to be of use", null);
    }

    static LonglineException overloaded(String message, @Nullable Throwable cause) {
        return new LonglineException(ErrorCode.OVERLOADED, message, cause)
                .retryAfter(RETRY_AFTER)
                .dependency("redis");
    }

    /** An error that Redis, or a script of ours in it, replied. */
    private static LonglineException reply(RedisCommandExecutionException error) {
        String message = String.valueOf(error.getMessage());
        if (message.contains(ErrorCode.SHARD_LOST.name())) {
            return new LonglineException(ErrorCode.SHARD_LOST, "the shard is not rebuilt yet", error)
                    .retryAfter(RETRY_AFTER)
                    .dependency("redis");
        }
        if (message.startsWith("OOM ") || message.contains("OOM command not allowed")) {
            return overloaded("Redis is out of memory", error);
        }
        if (message.contains(READ_ONLY)) {
            return down("Redis is a read-only replica", error);
        }
        if (MOVING.matcher(message).find()) {
            return down("the slot is being moved to another node of Redis", error);
        }
        Matcher cannotServe = CANNOT_SERVE.matcher(message);
        if (cannotServe.find()) {
            return down("Redis takes no commands at present: " + cannotServe.group(1), error);
        }
        Matcher matcher = LEADING_WORD.matcher(message);
        if (matcher.matches()) {
            for (ErrorCode code : ErrorCode.values()) {
                if (code.name().equals(matcher.group(1))) {
                    String rest = matcher.group(2);
                    return new LonglineException(code, rest == null ? code.name() : rest, error);
                }
            }
        }
        return new LonglineException(ErrorCode.INTERNAL, "Redis replied: " + message, error);
    }

    private static LonglineException down(String message, @Nullable Throwable cause) {
        return LonglineException.dependencyDown("redis", message, cause).retryAfter(RETRY_AFTER);
    }
}
