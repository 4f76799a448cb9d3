package io.longline.room.delivery;

import io.longline.frames.CloseCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.room.RoomMetrics;
import io.longline.room.session.LastHop;
import io.longline.room.session.Load;
import io.longline.room.session.Page;
import io.longline.room.session.Session;
import io.longline.room.transport.Ending;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the sessions of one loop level with their inboxes: at most one load a session is under way, and one that fails is tried again. */
public final class InboxReader {
    private static final Logger log = LoggerFactory.getLogger(InboxReader.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);

    private final Loop loop;
    private final Inboxes inboxes;
    private final LongSupplier nowMs;
    private final AckForwarder acks;
    private final RoomMetrics metrics;
    private final Backoff backoff;
    private int underWay;

    public InboxReader(Loop loop, Inboxes inboxes, LongSupplier nowMs, AckForwarder acks, RoomMetrics metrics) {
        this.loop = loop;
        this.inboxes = inboxes;
        this.nowMs = nowMs;
        this.acks = acks;
        this.metrics = metrics;
        this.backoff = new Backoff(FIRST_RETRY, MAX_RETRY, RandomGenerator.getDefault());
    }

    /** How many loads are under way, or are to be tried again. A session has one at most. */
    public int size() {
        return underWay;
    }

    /** To be called after whatever may have made a load possible or necessary: a hint, an ack, a link that takes things again. */
    public void level(Session session) {
        if (session.lastHop().wantsLoad()) {
            underWay++;
            fetch(session, session.lastHop().beginLoad());
        }
    }

    /** Gives the session the page of the load that is under way. */
    public void loaded(Session session, Page page) {
        if (log.isDebugEnabled()) {
            page.messages()
                    .forEach(one -> log.debug(
                            "loaded message_id={} endpoint={} seq={}",
                            one.message().id(),
                            session.endpoint(),
                            one.seq()));
        }
        session.lastHop().loaded(page, nowMs.getAsLong());
        session.link().flush();
        acks.dueIfDropped(session);
        level(session);
    }

    private void fetch(Session session, Load load) {
        metrics.load();
        long after = session.lastHop().sent();
        long generation = session.generation();
        loop.whenDone(inboxes.load(session), (found, error) -> {
            Page page = found == null ? null : found.orElse(null);
            if (session.isEnded()) {
                underWay--;
            } else if (page != null && !idle(page, after)) {
                underWay--;
                loaded(session, page);
            } else if (found != null && page == null && generation == session.generation()) {
                underWay--;
                replaced(session);
            } else {
                failed(session, load, error);
            }
        });
    }

    /** The end that the register has ordered is on its way; what is stored from now on is not this session's. */
    private static void replaced(Session session) {
        boolean _ = session.owner().end(session, Ending.of(CloseCode.REPLACED));
    }

    /** There is said to be more, but this brought nothing: asking again at once would go on for ever. */
    private static boolean idle(Page page, long after) {
        return page.more() && page.messages().isEmpty() && page.upto() <= after;
    }

    private void failed(Session session, Load load, @Nullable Throwable error) {
        metrics.loadFailed();
        session.lastHop().loadFailed();
        if (log.isDebugEnabled()) {
            log.debug(
                    "load failed endpoint={} failures={} error={}", session.endpoint(), load.failures(), reason(error));
        }
        loop.later(backoff.after(load.failures()), () -> retry(session, load));
    }

    private static String reason(@Nullable Throwable error) {
        if (error == null) {
            return "nothing was sent, though there is more";
        }
        LonglineException known = ErrorTranslator.fromAny(error);
        return known.code() + " " + known.getMessage();
    }

    private void retry(Session session, Load load) {
        LastHop lastHop = session.lastHop();
        if (session.isEnded()) {
            underWay--;
        } else if (lastHop.mayWrite()) {
            fetch(session, load);
        } else {
            underWay--;
            lastHop.loadGivenUp(); // it begins again when the window or the link opens
        }
    }
}
