package io.longline.room.delivery;

import io.longline.room.RoomMetrics;
import io.longline.room.session.Drop;
import io.longline.room.session.LastHop;
import io.longline.room.session.Session;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the saver what the sessions of one loop have to report: first what was passed over instead of written, then how far
 * the client is done. Of several acks of a session only the newest is sent, every few milliseconds, less often where there are
 * many, and one call a session is under way at a time.
 *
 * <p>While the saver is away the newest ack of each session is kept and tried again. That of a session that has ended is
 * given up after a while, and at once where there are more of them than sessions: the client names its seq when it binds again.
 */
public final class AckForwarder {
    private static final Logger log = LoggerFactory.getLogger(AckForwarder.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);
    private static final int TRIES_AFTER_END = 8; // about 20 s

    private final Loop loop;
    private final Inboxes inboxes;
    private final RoomMetrics metrics;
    private final int limit;
    private final Backoff backoff = new Backoff(FIRST_RETRY, MAX_RETRY, RandomGenerator.getDefault());
    private final IdentityHashMap<Session, Report> reports = new IdentityHashMap<>();
    private final Queue<Report> due = new ArrayDeque<>();
    private final AckPace pace = new AckPace();
    private boolean ticking;

    /** What one session has to report: waits in {@code due}, or is under way, or waits to be tried again. */
    private static final class Report {
        final Session session;
        final List<Drop> drops = new ArrayList<>(0);
        long forwarded;
        int failures;

        Report(Session session) {
            this.session = session;
        }
    }

    /** @param limit on reports; live sessions have one each, and so there is room for as many of those that have ended */
    public AckForwarder(Loop loop, Inboxes inboxes, RoomMetrics metrics, int limit) {
        this.limit = limit;
        this.loop = loop;
        this.inboxes = inboxes;
        this.metrics = metrics;
    }

    /** The session has something new to report. */
    public void due(Session session) {
        if (!reports.containsKey(session)) {
            Report report = new Report(session);
            reports.put(session, report);
            enqueue(report);
        }
    }

    /** The session may have dropped something. */
    public void dueIfDropped(Session session) {
        if (session.lastHop().hasDrops()) {
            due(session);
        }
    }

    /** How many sessions have something to report that the saver has not taken yet. */
    public int size() {
        return reports.size();
    }

    private void enqueue(Report report) {
        due.add(report);
        if (!ticking) {
            ticking = true;
            loop.later(pace.pause(), this::tick);
        }
    }

    private void tick() {
        ticking = false;
        pace.sends(due.size());
        for (int left = due.size(); left > 0; left--) {
            Report next = due.poll();
            if (next != null) {
                send(next);
            }
        }
    }

    private void send(Report report) {
        LastHop lastHop = report.session.lastHop();
        report.drops.addAll(lastHop.takeDrops());
        long acked = lastHop.acked();
        if (!report.drops.isEmpty()) {
            List<Drop> sent = List.copyOf(report.drops);
            loop.whenDone(dropped(report.session, sent), (_, error) -> {
                if (error == null) {
                    report.drops.clear();
                    sent.forEach(drop -> metrics.dropped(drop.reason()));
                }
                told(report, error);
            });
        } else if (acked > report.forwarded) {
            metrics.ackForwarded();
            loop.whenDone(inboxes.ack(report.session, acked), (_, error) -> {
                if (error == null) {
                    report.forwarded = acked;
                }
                told(report, error);
            });
        } else {
            reports.remove(report.session);
        }
    }

    private CompletableFuture<Void> dropped(Session session, List<Drop> drops) {
        return CompletableFuture.allOf(drops.stream()
                .map(drop -> inboxes.dropped(session.endpoint(), drop))
                .toArray(CompletableFuture<?>[]::new));
    }

    private void lookForMore(Report report) {
        LastHop lastHop = report.session.lastHop();
        if (lastHop.acked() > report.forwarded || lastHop.hasDrops()) {
            enqueue(report);
        } else {
            reports.remove(report.session);
        }
    }

    private void told(Report report, @Nullable Throwable error) {
        if (error == null) {
            report.failures = 0;
            lookForMore(report);
            return;
        }
        report.failures++;
        if (report.session.isEnded() && (report.failures >= TRIES_AFTER_END || reports.size() > limit)) {
            reports.remove(report.session);
            metrics.ackGivenUp();
            log.debug("ack given up endpoint={}", report.session.endpoint());
            return;
        }
        loop.later(backoff.after(report.failures), () -> enqueue(report));
    }
}
