package io.longline.sdk;

import io.longline.frames.CloseCode;
import io.longline.frames.DecodeResult;
import io.longline.sdk.dispatch.Backoff;
import io.longline.sdk.link.Link;
import io.longline.v1.Bind;
import io.longline.v1.BindError;
import io.longline.v1.Bound;
import io.longline.v1.ClientFrame;
import io.longline.v1.Close;
import io.longline.v1.Hello;
import io.longline.v1.Push;
import io.longline.v1.Redirect;
import io.longline.v1.ServerFrame;
import io.longline.v1.Settings;
import io.longline.v1.Unbound;
import io.longline.v1.Welcome;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One link from hello to its end. The thread {@code longline-link} runs it: it reads, and between two reads it does what is due, which are
 * acks, pings, topics, binding again and moving.
 */
final class Connection {
    private static final Set<CloseCode> OF_A_SESSION = EnumSet.of(
            CloseCode.BAD_TOKEN, CloseCode.REPLACED, CloseCode.KICKED, CloseCode.BLOCKED, CloseCode.NEVER_ACKNOWLEDGES);

    /** Of a topic with which a bind said where to go on, though the endpoint does not follow it. */
    private static final String NOT_FOLLOWED = "NOT_FOUND";

    private final Link link;
    private final List<Session> sessions;
    private final Backoff backoff;
    private final LongSupplier clockMs;
    private final Outgoing outgoing;
    private final Incoming incoming;
    private int firstBound;
    private boolean welcomed;
    private long moveAtMs = Long.MAX_VALUE;
    private Redirect redirect = Redirect.getDefaultInstance();
    private @Nullable Ending ending;

    Connection(Link link, List<Session> sessions, Delivery delivery, Backoff backoff, LongSupplier clockMs) {
        this.link = link;
        this.sessions = sessions;
        this.backoff = backoff;
        this.clockMs = clockMs;
        this.outgoing = new Outgoing(link, sessions, delivery, clockMs);
        this.incoming = new Incoming(link, outgoing, delivery);
    }

    /** Says hello, and returns when the link has ended. */
    Ending run(Hello hello) throws InterruptedException {
        firstBound = hello.getBind(0).getRef();
        try {
            link.write(ClientFrame.newBuilder().setHello(hello).build());
            Ending end = ending;
            while (end == null) {
                read();
                if (ending == null) {
                    doWhatIsDue();
                }
                end = ending;
            }
            return end;
        } catch (IOException e) {
            return Ending.lost(
                    incoming.isAbandoned() ? "a message could not be handled" : String.valueOf(e.getMessage()), 0);
        } finally {
            incoming.linkLost();
            for (Session session : sessions) {
                session.linkLost();
                session.topics().linkLost(clockMs.getAsLong());
            }
            link.close();
        }
    }

    boolean wasWelcomed() {
        return welcomed;
    }

    /** Acknowledges what is finished with, says what was not said of topics, and ends the link. From any thread. */
    void close() {
        try {
            outgoing.writeAllAcks();
            outgoing.writeWishes();
        } catch (IOException e) {
            // The next hello names the seq instead.
        }
        link.close();
    }

    /** Tells the room what the app wants of topics, and acknowledges what is due. On the app's thread, because the other one reads. */
    void writeDue() {
        try {
            outgoing.writeDue();
        } catch (IOException e) {
            link.close();
        }
    }

    // ---- reading ----

    private void read() throws IOException, InterruptedException {
        DecodeResult<ServerFrame> result = link.read(untilNextDuty());
        if (result instanceof DecodeResult.Frame<ServerFrame> frame) {
            handle(frame.frame());
        } else if (result instanceof DecodeResult.Refused<ServerFrame> refused) {
            throw new IOException("the room sent a broken frame: " + refused.problem());
        } else if (clockMs.getAsLong() - link.lastReadMs() >= outgoing.silenceMs()) {
            throw new IOException("nothing came from the room for " + outgoing.silenceMs() + " ms");
        }
    }

    /** Kinds that this release has no use for are ignored. */
    private void handle(ServerFrame frame) throws IOException, InterruptedException {
        switch (frame.getKindCase()) {
            case WELCOME -> welcome(frame.getWelcome());
            case BOUND -> bound(frame.getBound());
            case UNBOUND -> unbound(frame.getUnbound());
            case PUSH -> push(frame.getPush().getRef(), frame.getPush());
            case PUSHES -> {
                for (Push push : frame.getPushes().getItemsList()) {
                    push(frame.getPushes().getRef(), push);
                }
            }
            case CAUGHT_UP -> {
                Session session = session(frame.getCaughtUp().getRef());
                if (session != null) {
                    incoming.caughtUp(session, frame.getCaughtUp());
                }
            }
            case SUBSCRIBED -> {
                Session session = session(frame.getSubscribed().getRef());
                if (session != null) {
                    incoming.subscribed(session, frame.getSubscribed());
                }
            }
            case GAP -> {
                Session session = session(frame.getGap().getRef());
                if (session != null) {
                    incoming.gap(session, frame.getGap());
                }
            }
            case UPLINK_ACK -> {
                Session session = session(frame.getUplinkAck().getRef());
                if (session != null) {
                    session.uplinks().taken(frame.getUplinkAck());
                }
            }
            case PRESENCE_STATE -> {
                Session session = session(frame.getPresenceState().getRef());
                if (session != null) {
                    session.presence().answered(frame.getPresenceState());
                }
            }
            case ERROR -> error(frame.getError());
            case SETTINGS -> settings(frame.getSettings());
            case REDIRECT -> {
                redirect = frame.getRedirect();
                moveAtMs = clockMs.getAsLong() + Backoff.atMostADay(redirect.getDelayMs());
            }
            case CLOSE -> closed(frame.getClose());
            default -> {}
        }
    }

    private void welcome(Welcome welcome) throws IOException, InterruptedException {
        welcomed = true;
        outgoing.heartbeat(welcome.getHeartbeatS());
        backoff.configure(welcome.getBackoff());
        incoming.tell(listener -> listener.onConnected(link.room()));
        for (Bound bound : welcome.getBoundList()) {
            bound(bound);
        }
    }

    private void push(int ref, Push push) throws IOException, InterruptedException {
        Session session = session(ref);
        if (session != null) {
            incoming.push(session, push);
        }
    }

    /** Of an uplink, of who is online, or of a topic that the app may have asked for: to be tried again where the room says when, or else told to the app. */
    private void error(io.longline.v1.Error error) throws IOException, InterruptedException {
        Session session = session(error.getRef());
        if (session != null && error.hasId()) {
            uplinkError(session.uplinks(), error);
            return;
        }
        if (session != null && !error.hasTopic()) { // nothing else that this client says of a session is answered so
            session.presence().refused(error.getReason(), error.getMessage(), error.getRetryAfterMs());
            return;
        }
        if (session == null || !error.hasTopic() || Topic.isOfBroadcasts(error.getTopic())) {
            return;
        }
        String topic = error.getTopic();
        Topic wanted = session.topics().known(topic);
        if (error.hasRetryAfterMs()) {
            if (wanted != null) {
                wanted.sayAgainAt(
                        clockMs.getAsLong() + Backoff.atMostADay(error.getRetryAfterMs()) + backoff.waitMs(0));
            }
            return;
        }
        if (error.getReason().equals(NOT_FOLLOWED)) {
            if (wanted == null || !wanted.ended()) {
                return;
            }
        } else if (wanted != null) {
            wanted.refused();
        }
        incoming.tell(listener -> listener.onTopicRefused(
                session.product(), session.user(), topic, error.getReason(), error.getMessage()));
    }

    private void uplinkError(Uplinks uplinks, io.longline.v1.Error error) {
        if (error.hasRetryAfterMs()) {
            long waitMs = Backoff.atMostADay(error.getRetryAfterMs()) + backoff.waitMs(0);
            uplinks.sayAgainAt(error.getId(), clockMs.getAsLong() + waitMs);
        } else {
            uplinks.refused(error.getId(), error.getReason(), error.getMessage());
        }
    }

    private void settings(Settings settings) {
        if (settings.hasHeartbeatS()) {
            outgoing.heartbeat(settings.getHeartbeatS());
        }
        if (settings.hasWindow()) {
            sessions.forEach(session -> session.acks().window(settings.getWindow()));
        }
    }

    private void bound(Bound bound) throws IOException, InterruptedException {
        Session session = session(bound.getRef());
        if (session == null) {
            return;
        }
        if (bound.getOk()) {
            session.bound();
            incoming.tell(listener -> listener.onBound(session.product(), session.user()));
        } else {
            BindError error = bound.getError();
            int code = error.getCode();
            refused(session, code, error.getReason(), CloseCode.retryAfter(code), error.getRetryAfterMs());
        }
    }

    private void unbound(Unbound unbound) throws IOException, InterruptedException {
        Session session = session(unbound.getRef());
        if (session != null) {
            refused(session, unbound.getCode(), unbound.getReason(), unbound.getRetry(), unbound.getRetryAfterMs());
        }
    }

    private void refused(Session session, int code, String reason, boolean retry, long retryAfterMs)
            throws IOException, InterruptedException {
        boolean comesBack = session.comesBackAfter(code, retry);
        incoming.tell(listener -> listener.onUnbound(session.product(), session.user(), code, reason, comesBack));
        endOrPutOff(session, comesBack, retryAfterMs);
        if (allHaveEnded()) {
            ending = Ending.closed(code, reason, false, 0);
        }
    }

    private void endOrPutOff(Session session, boolean comesBack, long retryAfterMs) {
        session.topics().linkLost(clockMs.getAsLong());
        if (comesBack) {
            session.bindAgainAt(
                    clockMs.getAsLong() + Backoff.atMostADay(retryAfterMs) + backoff.waitMs(session.refused()));
        } else {
            session.ended();
        }
    }

    private boolean allHaveEnded() {
        return sessions.stream().allMatch(Session::hasEnded);
    }

    /** Of the whole link, or of the one session that the room would have said {@code unbound} of if the link had another. */
    private void closed(Close close) throws IOException, InterruptedException {
        incoming.linkLost();
        int code = close.getCode();
        String reason = close.getReason();
        Session session = meantByClose(code);
        if (session == null) {
            ending = Ending.closed(code, reason, close.getRetry(), Backoff.atMostADay(close.getRetryAfterMs()));
            return;
        }
        boolean comesBack = session.comesBackAfter(code, close.getRetry());
        endOrPutOff(session, comesBack, close.getRetryAfterMs());
        ending = Ending.closed(code, reason, !allHaveEnded(), 0);
        if (sessions.size() > 1) {
            incoming.tell(listener -> listener.onUnbound(session.product(), session.user(), code, reason, comesBack));
        }
    }

    /** The session that is bound; before {@code welcome} the first of the hello, because no bind of it succeeded. */
    private @Nullable Session meantByClose(int code) {
        if (!CloseCode.of(code).filter(OF_A_SESSION::contains).isPresent()) {
            return null;
        }
        if (!welcomed) {
            return session(firstBound);
        }
        for (Session session : sessions) {
            if (session.isBound()) {
                return session;
            }
        }
        return null;
    }

    // ---- what is due ----

    private int untilNextDuty() {
        long next = Math.min(moveAtMs, outgoing.nextDutyMs());
        for (Session session : sessions) {
            next = Math.min(next, session.bindAtMs());
        }
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, next - clockMs.getAsLong()));
    }

    private void doWhatIsDue() throws IOException, InterruptedException {
        outgoing.writeDue();
        outgoing.pingIfDue();
        long now = clockMs.getAsLong();
        for (Session session : sessions) {
            if (session.bindAtMs() <= now) {
                bindAgain(session);
            }
        }
        if (now >= moveAtMs) {
            outgoing.writeAllAcks();
            ending = Ending.moved(redirect.getRoomsList(), redirect.getReason());
        }
    }

    private void bindAgain(Session session) throws IOException, InterruptedException {
        Bind bind;
        try {
            bind = session.bind();
        } catch (Throwable e) { // the app's
            incoming.tell(listener -> listener.onFailed(e));
            session.bindAgainAt(clockMs.getAsLong() + backoff.waitMs(session.refused()));
            return;
        }
        link.write(ClientFrame.newBuilder().setBind(bind).build());
    }

    private @Nullable Session session(int ref) {
        for (Session session : sessions) {
            if (session.ref() == ref) {
                return session;
            }
        }
        return null;
    }
}
