package io.longline.center.uplink;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
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
            Deadline each = end.atMost(closed ? Duration.ZERO : EACH);
            try {
                Duration wait = Duration.ofMillis(each.remainingMillis());
                List<Uplink> uplinks = groups.pull(group, pull, wait, Deadline.after(patience.plus(wait)));
                if (!uplinks.isEmpty() || end.passed() || closed) {
                    return uplinks;
                }
                trouble = Deadline.after(patience);
            } catch (LonglineException e) {
                if (!PASSING.contains(e.code()) || trouble.passed() || end.passed() || closed) {
                    throw e;
                }
            }
            if (!each.passed() && !pause()) { // one that is about to leave does not wait
                return List.of();
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
