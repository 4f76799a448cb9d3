package io.longline.deploy.check.client;

import io.longline.deploy.check.history.CallHistory;
import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Uplink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a phone still has to send for each of its endpoints: one at a time, again and again under its id, over however many links, until it
 * is acknowledged; some once more then. Guarded by the phone.
 */
final class PhoneUplinks {
    private static final int MOST_WAITING = 50;
    private static final int TWICE_EACH = 8;
    private static final long UNANSWERED = TimeUnit.SECONDS.toNanos(5);

    private final CallHistory history;
    private final Map<EndpointId, Deque<Waiting>> queues = new HashMap<>();

    private static final class Waiting {
        private final Uplink uplink;
        private final String text;
        private boolean twice;
        private @Nullable PhoneLink saidOn;
        private long againAt;

        private Waiting(Uplink uplink, String text) {
            this.uplink = uplink;
            this.text = text;
            this.twice = uplink.number() % TWICE_EACH == 0;
        }
    }

    PhoneUplinks(CallHistory history) {
        this.history = history;
    }

    /** Does nothing where as many wait as may. */
    void add(Uplink uplink, String text) {
        Deque<Waiting> queue = queues.computeIfAbsent(uplink.endpoint(), _ -> new ArrayDeque<>());
        if (queue.size() < MOST_WAITING) {
            queue.add(new Waiting(uplink, text));
        }
    }

    /** Whether any waits. */
    boolean isEmpty() {
        return queues.values().stream().allMatch(Deque::isEmpty);
    }

    /** Sends what is due on a link. */
    void say(PhoneLink link) {
        long now = System.nanoTime();
        queues.forEach((endpoint, queue) -> {
            Waiting first = queue.peek();
            boolean due = first != null && (!link.equals(first.saidOn) || now - first.againAt > 0);
            if (due && link.isBound(endpoint)) {
                first.saidOn = link;
                first.againAt = now + UNANSWERED;
                history.uplinkBegun(first.uplink);
                link.uplink(first.uplink, first.text);
            }
        });
    }

    void taken(EndpointId endpoint, String id, PhoneLink link) {
        Waiting first = first(endpoint, id);
        if (first != null) {
            history.uplinkTaken(first.uplink);
            if (first.twice) {
                first.twice = false;
                first.saidOn = null;
            } else {
                drop(endpoint);
            }
            say(link);
        }
    }

    /** @param retryAfterMs 0: it is given up */
    void refused(EndpointId endpoint, String id, String reason, long retryAfterMs) {
        Waiting first = first(endpoint, id);
        if (first != null) {
            history.uplinkRefused(first.uplink, reason);
            if (retryAfterMs > 0) {
                first.againAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retryAfterMs);
            } else {
                drop(endpoint);
            }
        }
    }

    private void drop(EndpointId endpoint) {
        queues.computeIfAbsent(endpoint, _ -> new ArrayDeque<>()).poll();
    }

    /** Null where it is no more, as it was answered before. */
    private @Nullable Waiting first(EndpointId endpoint, String id) {
        Deque<Waiting> queue = queues.get(endpoint);
        Waiting first = queue == null ? null : queue.peek();
        return first == null || !first.uplink.id().equals(id) ? null : first;
    }
}
