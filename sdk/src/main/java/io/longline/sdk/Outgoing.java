package io.longline.sdk;

import io.longline.sdk.link.Link;
import io.longline.v1.Ack;
import io.longline.v1.ClientFrame;
import io.longline.v1.Ping;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** The acks and pings of one link, what the app wants of topics and asks of others, and its uplinks. Both threads write these, but pings are for the thread {@code longline-link}. */
final class Outgoing {
    private static final ClientFrame PING =
            ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build();
    private static final long WELCOME_MS = 15_000;
    private static final int DEFAULT_HEARTBEAT_S = 240;
    private static final long MIN_MARGIN_MS = 1_000;
    private static final long MAX_MARGIN_MS = 5_000;

    private final Link link;
    private final List<Session> sessions;
    private final Delivery delivery;
    private final LongSupplier clockMs;
    private boolean welcomed;
    private long heartbeatMs = Long.MAX_VALUE;
    private long silenceMs = WELCOME_MS;
    private long lastPingMs = Long.MIN_VALUE;

    Outgoing(Link link, List<Session> sessions, Delivery delivery, LongSupplier clockMs) {
        this.link = link;
        this.sessions = sessions;
        this.delivery = delivery;
        this.clockMs = clockMs;
    }

    /**
     * What the room granted. It answers a ping at once, so a longer silence than the heartbeat it allows us, with some margin, means that
     * it is not there.
     */
    void heartbeat(int seconds) {
        welcomed = true;
        heartbeatMs = 1_000L * (seconds > 0 ? seconds : DEFAULT_HEARTBEAT_S);
        silenceMs = heartbeatMs * 3 / 2 + Math.max(MIN_MARGIN_MS, Math.min(MAX_MARGIN_MS, heartbeatMs / 2));
    }

    /** How long nothing may come before the link counts as dead. */
    long silenceMs() {
        return silenceMs;
    }

    /** When something has to be done at the latest, if nothing comes. While the app is busy acks may become due at any moment. */
    long nextDutyMs() {
        long next = link.lastReadMs() + silenceMs;
        if (welcomed) {
            next = Math.min(next, pingDueMs());
        }
        boolean acksWait = delivery.isBusy();
        for (Session session : sessions) {
            if (session.isBound()) {
                acksWait |= session.hasAcks();
                next = Math.min(next, session.topics().sayAtMs());
                next = Math.min(next, session.uplinks().sayAtMs(link));
                next = session.presence().isDue(link) ? Math.min(next, clockMs.getAsLong()) : next;
            }
        }
        return acksWait ? Math.min(next, clockMs.getAsLong() + AckBatch.MAX_AGE_MS) : next;
    }

    void pingIfDue() throws IOException {
        long now = clockMs.getAsLong();
        if (welcomed && now >= pingDueMs()) {
            lastPingMs = now;
            link.write(PING);
        }
    }

    /** Also while we write: acks are not answered, and only a pong shows that a room with nothing to send is there. */
    private long pingDueMs() {
        return Math.min(link.lastWriteMs(), Math.max(link.lastReadMs(), lastPingMs)) + heartbeatMs;
    }

    /** Acks, what the app wants of topics, and its uplinks. */
    void writeDue() throws IOException {
        writeDueAcks();
        writeWishes();
        for (Session session : sessions) {
            if (session.isBound()) {
                session.uplinks().say(clockMs.getAsLong(), link, link::write);
                session.presence().say(link, link::write);
            }
        }
    }

    /** What the app wants of topics and the room was not told yet. */
    void writeWishes() throws IOException {
        for (Session session : sessions) {
            if (session.isBound()) {
                session.topics().say(clockMs.getAsLong(), link::write);
            }
        }
    }

    void writeDueAcks() throws IOException {
        long now = clockMs.getAsLong();
        writeAcks(acks -> acks.takeDue(now));
    }

    void writeAllAcks() throws IOException {
        writeAcks(AckBatch::takeAll);
    }

    private void writeAcks(ToLongFunction<AckBatch> taken) throws IOException {
        for (Session session : sessions) {
            if (session.isBound()) {
                long seq = taken.applyAsLong(session.acks());
                if (seq > 0) {
                    link.write(ClientFrame.newBuilder()
                            .setAck(Ack.newBuilder().setRef(session.ref()).setSeq(seq))
                            .build());
                }
                for (ClientFrame ack : session.topics().acks(taken)) {
                    link.write(ack);
                }
            }
        }
    }
}
