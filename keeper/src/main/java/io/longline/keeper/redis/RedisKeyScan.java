package io.longline.keeper.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one node, page by page: each that is there all the while comes at least once. For background work that may begin anew
 * later: it ends with an error where the connection does. One thread at a time.
 */
public final class RedisKeyScan {
    private final RedisLink link;
    private final ScanArgs args;
    private final Duration timeout;
    private @Nullable KeyScanCursor<String> cursor;

    RedisKeyScan(RedisLink link, ScanArgs args, Duration timeout) {
        this.link = link;
        this.args = args;
        this.timeout = timeout;
    }

    public boolean finished() {
        KeyScanCursor<String> last = cursor;
        return last != null && last.isFinished();
    }

    /** The next page, which may be empty although it is not the last. */
    public List<String> next() {
        KeyScanCursor<String> last = cursor;
        CompletionStage<KeyScanCursor<String>> asked =
                link.command(commands -> last == null ? commands.scan(args) : commands.scan(last, args));
        try {
            cursor = asked.toCompletableFuture()
                    .copy()
                    .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .join();
        } catch (RuntimeException e) {
            throw RedisErrors.translated(e);
        }
        return cursor.getKeys();
    }
}
