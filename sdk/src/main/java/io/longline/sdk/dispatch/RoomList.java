package io.longline.sdk.dispatch;

import io.longline.v1.DispatchAnswer;
import io.longline.v1.RoomAddress;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which address to try next. The dispatcher's answer is kept for its {@code cache_ttl_s}, and beyond that for as long as no dispatcher
 * answers. Within it the address that worked last comes first, because its room may still remember us, and those that failed come last.
 */
public final class RoomList {
    /** So many failed addresses are named to the dispatcher; its request line is limited. */
    private static final int MAX_FAILED = 16;

    private final DispatchClient dispatcher;
    private final Backoff backoff;
    private final LongSupplier clockMs;
    private final Deque<RoomAddress> untried = new ArrayDeque<>();
    private final List<RoomAddress> redirected = new ArrayList<>();
    private final Set<String> failed = new LinkedHashSet<>();
    private @Nullable DispatchAnswer answer;
    private long freshUntilMs;
    private long notBeforeMs;
    private int attempt;
    private @Nullable String last;

    /** @param clockMs any clock that only goes forward */
    public RoomList(DispatchClient dispatcher, Backoff backoff, LongSupplier clockMs) {
        this.dispatcher = dispatcher;
        this.backoff = backoff;
        this.clockMs = clockMs;
    }

    /** The next address. Asks the dispatcher where the list is not known, too old, or tried to its end. */
    public RoomAddress next() throws IOException {
        if (answer == null || untried.isEmpty() || clockMs.getAsLong() >= freshUntilMs) {
            refresh();
        }
        return untried.removeFirst();
    }

    /** It was not tried after all, and comes next again. */
    public void notTried(RoomAddress room) {
        untried.addFirst(room);
    }

    /** How long the dispatcher asked us to stay away still; 0 or less: connect. */
    public long waitMs() {
        return notBeforeMs - clockMs.getAsLong();
    }

    /** The heartbeat that the dispatcher proposes; 0 where it proposes none. */
    public int heartbeatS() {
        return answer == null ? 0 : answer.getHeartbeat().getIntervalS();
    }

    /** The room welcomed us: the next connection begins with it. */
    public void worked(RoomAddress room) {
        last = name(room);
        failed.clear();
        redirected.clear();
        attempt = 0;
        begin();
    }

    /** The room could not be reached, did not welcome us, or asked us to go: the others come first. */
    public void failed(RoomAddress room) {
        failed.add(name(room));
        if (failed.size() > MAX_FAILED) {
            failed.remove(failed.iterator().next());
        }
        untried.removeIf(other -> name(other).equals(name(room)));
        redirected.removeIf(other -> name(other).equals(name(room)));
        if (untried.isEmpty()) {
            attempt++;
        }
    }

    /** A room sends us elsewhere; no addresses: wherever the dispatcher says. */
    public void redirect(List<RoomAddress> rooms) {
        redirected.clear();
        redirected.addAll(rooms);
        if (rooms.isEmpty()) {
            untried.clear();
        } else {
            redirectedFirst();
        }
    }

    private void redirectedFirst() {
        List<RoomAddress> rest = new ArrayList<>(untried);
        untried.clear();
        untried.addAll(redirected);
        untried.addAll(rest);
    }

    private void refresh() throws IOException {
        try {
            DispatchAnswer fresh = dispatcher.ask(attempt, failed, last);
            long now = clockMs.getAsLong();
            answer = fresh;
            freshUntilMs = now + 1_000L * Integer.toUnsignedLong(fresh.getCacheTtlS());
            notBeforeMs = now + Backoff.atMostADay(fresh.getNotBeforeMs() - fresh.getServerTimeMs());
            backoff.configure(fresh.getBackoff());
            begin();
        } catch (IOException e) {
            if (answer == null) {
                throw e;
            }
            if (untried.isEmpty()) {
                begin();
            }
        }
    }

    /** All addresses of the answer again: where a room sent us, the last one that worked, then the others, then the failed. */
    private void begin() {
        untried.clear();
        if (answer == null) {
            return;
        }
        List<RoomAddress> bad = new ArrayList<>();
        for (RoomAddress room : answer.getRoomsList()) {
            if (failed.contains(name(room))) {
                bad.add(room);
            } else if (name(room).equals(last)) {
                untried.addFirst(room);
            } else {
                untried.addLast(room);
            }
        }
        untried.addAll(bad);
        redirectedFirst();
    }

    private static String name(RoomAddress room) {
        String host = room.getHost();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + room.getPort();
    }
}
