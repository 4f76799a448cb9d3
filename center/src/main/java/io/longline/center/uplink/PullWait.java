package io.longline.center.uplink;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Waits for uplinks, for a short time with each call: a coordinator which waited for a center that is gone would take uplinks for nobody. A
 * coordinator that is away for a moment is no reason to end the wait.
 */
final class PullWait implements AutoCloseable {
    private static final Duration EACH = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Set<ErrorCode> PASSING = Set.of(ErrorCode.DEPENDENCY_DOWN, ErrorCode.DRAINING);

    private final GroupClient groups;
    private final Duration patience;
    private volatile boolean closed;

    /** @param patience for a call, beside the wait; and for coordinators that are away */
    PullWait(GroupClient groups, Duration patience) {
        this.groups = groups;
        this.patience = patience;
    }

    List<Uplink> pull(Group group, Pull pull) {
        Deadline end = Deadline.after(pull.longest());
        Deadline trouble = Deadline.after(patience);
        while (true) {
            Optional<LonglineException> failure = Optional.empty();
            try {
                Deadline each = end.atMost(EACH);
                Duration wait = closed ? Duration.ZERO : Duration.ofMillis(each.remainingMillis());
                List<Uplink> uplinks = groups.pull(group, pull, wait, Deadline.after(patience.plus(wait)));
                if (!uplinks.isEmpty()) {
                    return uplinks;
                }
                trouble = Deadline.after(patience);
            } catch (LonglineException e) {
                if (!PASSING.contains(e.code()) || trouble.passed()) {
                    throw e;
                }
                failure = Optional.of(e);
            }
            if (end.passed() || closed) {
                failure.ifPresent(e -> {
                    throw e;
                });
                return List.of();
            }
            if (failure.isPresent() && !pause()) {
                throw failure.get();
            }
        }
    }

    /** False if the process is stopping. */
    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whoever waits is answered soon, with nothing. */
    @Override
    public void close() {
        closed = true;
    }
}
