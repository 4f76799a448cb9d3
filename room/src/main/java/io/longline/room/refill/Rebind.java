package io.longline.room.refill;

import io.longline.room.delivery.RoomLoop;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** After the room took a new incarnation: has all its sessions bound anew. */
public final class Rebind {
    private static final Logger log = LoggerFactory.getLogger(Rebind.class);

    private final Incarnation incarnation;
    private final List<RoomLoop> loops;
    private final Rebinding rebinding;

    public Rebind(Incarnation incarnation, List<RoomLoop> loops, Rebinding rebinding) {
        this.incarnation = incarnation;
        this.loops = loops;
        this.rebinding = rebinding;
    }

    /** Begins, in the background. Ends early if the room takes yet another incarnation. */
    public void begin() {
        long current = incarnation.current();
        Thread.ofVirtual().name("rebind").start(() -> run(current));
    }

    private void run(long current) {
        try {
            List<Session> sessions = sessions();
            log.info("bind all sessions anew incarnation={} sessions={}", current, sessions.size());
            int left = rebinding.bindAll(current, sessions);
            log.info("bound anew incarnation={} left={}", current, left);
        } catch (RejectedExecutionException e) {
            log.info("not all are bound anew, the room is closed incarnation={}", current);
        }
    }

    /** All there are; from now on they await their endpoints. */
    private List<Session> sessions() {
        List<Session> live = new ArrayList<>();
        SessionWalk.<Session>over(loops, Rebind::begin, live::add);
        return live;
    }

    private static void begin(Session session, Consumer<Session> begun) {
        if (session.state() == Session.State.LIVE) {
            session.rebinding();
            begun.accept(session);
        }
    }
}
