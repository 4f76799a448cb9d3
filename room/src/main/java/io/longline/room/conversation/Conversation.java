package io.longline.room.conversation;

import io.longline.frames.CloseCode;
import io.longline.frames.DecodeResult;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.handshake.BindAttempt;
import io.longline.room.handshake.BindBatch;
import io.longline.room.handshake.Parting;
import io.longline.room.session.LinkSessions;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import io.longline.room.topic.TopicLoop;
import io.longline.room.topic.UnderWay;
import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkListener;
import io.longline.v1.Ack;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Presence;
import io.longline.v1.ServerFrame;
import io.longline.v1.Status;
import io.longline.v1.Subscribe;
import io.longline.v1.Unbind;
import io.longline.v1.Unsubscribe;
import io.longline.v1.Uplink;
import io.longline.v1.Welcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One link, from {@code hello} to its end: each frame goes to whoever does what it says. */
final class Conversation implements LinkListener, UnderWay {
    /** Beyond so many binds, unbinds, changes of topics, uplinks and questions who is online that wait, nothing more is read from the client. */
    private static final int MANY_WAITING = 16;

    private static final int MAX_BINDS = 64;
    private static final long OVERLOADED_RETRY_MS = 1_000;
    private static final long MINUTE_MS = 60_000;

    private static final Ending UNBOUND = Ending.of(CloseCode.GOING_AWAY, "unbound by the client");

    private enum Phase {
        SILENT,
        /** {@code hello} has come, {@code welcome} has not gone. */
        GREETING,
        OPEN
    }

    private final Link link;
    private final RoomLoop roomLoop;
    private final Reception reception;
    private final LinkSessions sessions;
    private final Binding binding;
    private final Deque<ClientFrame> waiting = new ArrayDeque<>(1);

    private Phase phase = Phase.SILENT;
    private @Nullable String device;
    private int wishedHeartbeatS;
    private int minute;
    private int pings;
    private int requests;
    private int underWay;
    private boolean asksTooMuch;

    Conversation(Link link, RoomLoop roomLoop, Reception reception) {
        this.link = link;
        this.roomLoop = roomLoop;
        this.reception = reception;
        this.sessions = new LinkSessions(link, roomLoop.sessions());
        this.binding = new Binding(sessions, roomLoop, reception);
    }

    @Override
    public void received(DecodeResult<ClientFrame> result) {
        switch (result) {
            case DecodeResult.Frame<ClientFrame> whole -> received(whole.frame());
            case DecodeResult.Unknown<ClientFrame> unknown
            when phase != Phase.SILENT -> {
                asked();
                reply(Replies.unknown(unknown.kind()));
            }
            case DecodeResult.Unknown<ClientFrame> _ -> malformed("the first frame must be hello");
            case DecodeResult.Refused<ClientFrame> refused ->
                link.close(Ending.of(refused.closeCode(), refused.problem()));
            case DecodeResult.NeedMore<ClientFrame> _ -> {}
        }
    }

    private void received(ClientFrame frame) {
        if (frame.hasHello() != (phase == Phase.SILENT)) {
            malformed(frame.hasHello() ? "hello came twice" : "the first frame must be hello");
            return;
        }
        if (!frame.hasAck()
                && !frame.hasPing()
                && !frame.hasBind()
                && !frame.hasUplink()) { // these have limits of their own
            asked();
        }
        switch (frame.getKindCase()) {
            case HELLO -> hello(frame.getHello());
            case BIND, UNBIND, SUBSCRIBE, UNSUBSCRIBE, UPLINK, PRESENCE -> inTurn(frame);
            case ACK -> ack(frame.getAck());
            case PING -> {
                if (pinged()) {
                    reply(Replies.PONG);
                }
            }
            case STATUS -> status(frame.getStatus());
            case KIND_NOT_SET -> {}
        }
    }

    // ---- hello ----

    private void hello(Hello hello) {
        if (hello.getBindCount() > MAX_BINDS) {
            link.close(Ending.of(CloseCode.PROTOCOL_ABUSE, "more than " + MAX_BINDS + " binds in a frame"));
            return;
        }
        phase = Phase.GREETING;
        device = hello.getDevice().isEmpty() ? null : hello.getDevice();
        boolean _ = sessions.network(hello.getNetwork());
        wishedHeartbeatS = hello.getHeartbeatS();
        List<BindAttempt> attempts = new ArrayList<>();
        Set<Integer> refs = new HashSet<>();
        for (Bind bind : hello.getBindList()) {
            if (refs.add(bind.getRef())) {
                attempts.add(attempt(bind));
            } else {
                waiting.add(ClientFrame.newBuilder().setBind(bind).build()); // as if it had come afterwards
            }
        }
        if (attempts.isEmpty()) {
            welcome(List.of(), List.of());
        } else {
            BindBatch batch = new BindBatch(sessions, device, attempts);
            if (!begin(batch, () -> greet(batch))) {
                link.close(overloaded());
            }
        }
    }

    private void greet(BindBatch batch) {
        sessions.bindUnderWay(false);
        List<BindAttempt> bound = binding.settle(batch);
        Ending firstRefusal = batch.attempts().getFirst().refusal();
        if (batch.linkEnding() != null) {
            link.close(batch.linkEnding());
        } else if (bound.isEmpty() && firstRefusal != null) {
            boolean overloaded = firstRefusal.code() == CloseCode.OVERLOADED.number();
            link.close(overloaded ? firstRefusal.retryAfter(OVERLOADED_RETRY_MS) : firstRefusal);
        } else if (link.isOpen()) {
            welcome(batch.attempts(), bound);
            networkSince(batch);
        }
    }

    private void networkSince(BindBatch batch) {
        if (!batch.network().equals(sessions.network())) {
            reception.networks().changed(sessions);
        }
    }

    private void welcome(List<BindAttempt> attempts, List<BindAttempt> bound) {
        int heartbeatS = HeartbeatGrant.grant(wishedHeartbeatS, bound);
        Welcome.Builder welcome = Replies.welcome(reception, heartbeatS);
        attempts.forEach(attempt -> welcome.addBound(Replies.bound(attempt)));
        reply(ServerFrame.newBuilder().setWelcome(welcome).build());
        link.allowSilence(HeartbeatGrant.allowedSilence(heartbeatS));
        phase = Phase.OPEN;
        binding.begin(bound, this);
        goOn();
    }

    // ---- bind and unbind ----

    private void inTurn(ClientFrame frame) {
        waiting.add(frame);
        goOn();
    }

    private void goOn() {
        while (phase == Phase.OPEN && !sessions.bindUnderWay() && !waiting.isEmpty()) {
            ClientFrame frame = waiting.remove();
            switch (frame.getKindCase()) {
                case BIND -> bind(frame.getBind());
                case UNBIND -> unbind(frame.getUnbind());
                case SUBSCRIBE -> subscribe(frame.getSubscribe());
                case UNSUBSCRIBE -> unsubscribe(frame.getUnsubscribe());
                case UPLINK -> uplink(frame.getUplink());
                case PRESENCE -> presence(frame.getPresence());
                default -> {}
            }
        }
        updateReading();
    }

    private void updateReading() {
        link.readable(waiting.size() + underWay < MANY_WAITING && !asksTooMuch);
    }

    private void bind(Bind bind) {
        BindAttempt attempt = attempt(bind);
        BindBatch batch = new BindBatch(sessions, device, List.of(attempt));
        if (!begin(batch, () -> bound(batch, attempt))) {
            attempt.refuse(overloaded());
            reply(Replies.frame(Replies.bound(attempt)));
        }
    }

    private void bound(BindBatch batch, BindAttempt attempt) {
        sessions.bindUnderWay(false);
        List<BindAttempt> bound = binding.settle(batch);
        if (batch.linkEnding() != null) {
            link.close(batch.linkEnding());
        } else if (link.isOpen()) {
            reply(Replies.frame(Replies.bound(attempt)));
            binding.begin(bound, this);
            networkSince(batch);
            goOn();
        }
    }

    private void unbind(Unbind unbind) {
        Session session = sessions.byRef(unbind.getRef());
        if (session == null) {
            reply(Replies.error(unbind.getRef(), "unbind: ref " + unbind.getRef() + " is not bound"));
            return;
        }
        if (unbind.getForget()) {
            forget(session);
        } else {
            sessions.unbind(session, UNBOUND);
            reception.gone(session, Parting.CLIENT_UNBOUND);
        }
    }

    /** The answer, and whatever binds the device again, waits until that was tried once: whoever is bound before is not forgotten. */
    private void forget(Session session) {
        CompletableFuture<Void> tried = forgetDevice(session);
        boolean _ = sessions.remove(session);
        sessions.bindUnderWay(true);
        link.loop().whenDone(tried, (_, _) -> {
            sessions.bindUnderWay(false);
            if (link.isOpen()) {
                sessions.unbound(session, UNBOUND);
                goOn();
            }
        });
    }

    private CompletableFuture<Void> forgetDevice(Session session) {
        if (session.bindUnderWay()) {
            session.forgetWhenBound(); // which generation it will have is not known yet
            return CompletableFuture.completedFuture(null);
        }
        Place place = reception.incarnation().placeOf(session);
        return reception.unbinder().forget(session.endpoint(), place, session.generation());
    }

    /** One at a time: binds and unbinds take effect in the order in which they come. */
    private boolean begin(BindBatch batch, Runnable done) {
        sessions.bindUnderWay(reception.handshake().begin(batch, done));
        return sessions.bindUnderWay();
    }

    private static BindAttempt attempt(Bind bind) {
        return new BindAttempt(new BindAttempt.Wish(
                bind.getRef(),
                bind.getProduct(),
                bind.getUser(),
                bind.getToken(),
                TopicWishes.clamped(bind.getSeq()),
                TopicWishes.of(bind)));
    }

    private static Ending overloaded() {
        return Ending.of(CloseCode.OVERLOADED).retryAfter(OVERLOADED_RETRY_MS);
    }

    // ---- topics ----

    private void subscribe(Subscribe subscribe) {
        Session session = bound("subscribe", subscribe.getRef(), subscribe.getTopic());
        if (session != null) {
            begun();
            topics().subscribe(session, TopicWishes.of(subscribe), this::ended);
        }
    }

    private void unsubscribe(Unsubscribe unsubscribe) {
        Session session = bound("unsubscribe", unsubscribe.getRef(), unsubscribe.getTopic());
        if (session != null) {
            begun();
            topics().unsubscribe(session, unsubscribe.getTopic(), this::ended);
        }
    }

    @Override
    public void begun() {
        underWay++;
    }

    @Override
    public void ended() {
        underWay--;
        updateReading();
    }

    private @Nullable Session bound(String kind, int ref, String topic) {
        Session session = sessions.byRef(ref);
        if (session == null) {
            reply(Replies.error(ref, topic, kind + ": ref " + ref + " is not bound"));
        }
        return session;
    }

    private TopicLoop topics() {
        return reception.topics(link);
    }

    // ---- uplinks ----

    /** Those that are refused count as requests: whoever does not heed that is not read from for a while. */
    private void uplink(Uplink uplink) {
        Session session = sessions.byRef(uplink.getRef());
        if (session == null) {
            asked();
            reply(Replies.notBound(uplink));
            return;
        }
        begun();
        if (!reception.uplinks(link).take(session, uplink, this::ended)) {
            asked();
        }
    }

    private void presence(Presence ask) {
        Session session = sessions.byRef(ask.getRef());
        if (session == null) {
            reply(Replies.error(ask.getRef(), "presence: ref " + ask.getRef() + " is not bound"));
            return;
        }
        begun();
        reception.asks(link).take(session, ask, this::ended);
    }

    // ---- the rest ----

    private void ack(Ack ack) {
        Session session = sessions.byRef(ack.getRef());
        boolean ofTopic = ack.hasTopic() && ack.hasOffset();
        if (!ack.hasSeq() && !ofTopic) {
            String problem = "ack: expected seq, or topic and offset";
            reply(
                    ack.hasTopic()
                            ? Replies.error(ack.getRef(), ack.getTopic(), problem)
                            : Replies.error(ack.getRef(), problem));
            return;
        }
        if (session != null && ack.hasSeq()) { // acks that cross the end of their session are no mistake
            roomLoop.acks().ack(session, ack.getSeq());
        }
        if (session != null && ofTopic) {
            topics().ack(session, ack.getTopic(), ack.getOffset());
        }
    }

    /** Those of WebSocket and frames count together. */
    @Override
    public boolean pinged() {
        lookAtClock();
        if (++pings <= reception.pingsPerMinute()) {
            return true;
        }
        sessions.all().forEach(session -> reception.abusers().note(session.endpoint()));
        link.close(
                Ending.of(CloseCode.PROTOCOL_ABUSE, "more than " + reception.pingsPerMinute() + " pings in a minute"));
        return false;
    }

    /** Who asks more than it may in a minute is not read from before the next. Were its link closed, it would only come back. */
    private void asked() {
        lookAtClock();
        if (++requests > reception.requestsPerMinute() && !asksTooMuch) {
            asksTooMuch = true;
            updateReading();
            link.loop().later(Duration.ofMillis(MINUTE_MS - reception.nowMs() % MINUTE_MS), () -> {
                asksTooMuch = false;
                updateReading();
            });
        }
    }

    private void lookAtClock() {
        int now = (int) (reception.nowMs() / MINUTE_MS);
        if (now != minute) {
            minute = now;
            pings = 0;
            requests = 0;
        }
    }

    private void status(Status status) {
        if (status.hasNetwork() && sessions.network(status.getNetwork())) {
            reception.networks().changed(sessions);
        }
    }

    @Override
    public void writable() {
        sessions.all().forEach(roomLoop.reader()::level);
        sessions.all().forEach(topics()::writable);
    }

    @Override
    public void silent() {
        switch (phase) {
            case SILENT -> link.close(Ending.of(CloseCode.HELLO_TIMED_OUT));
            case GREETING -> {} // the handshake has a deadline of its own
            case OPEN -> link.close(Ending.of(link.writable() ? CloseCode.HEARTBEAT_MISSED : CloseCode.TOO_SLOW));
        }
    }

    @Override
    public void closed(int code) {
        Parting why = Parting.of(code);
        Set<Integer> toForget = refsToForget();
        waiting.clear();
        for (Session session : sessions.all()) {
            if (toForget.contains(session.ref())) {
                var _ = forgetDevice(session);
                sessions.remove(session);
            } else {
                sessions.remove(session);
                reception.gone(session, why);
            }
        }
    }

    /** Of the sessions there are: who wishes to be forgotten and leaves, before it was its turn, is forgotten. */
    private Set<Integer> refsToForget() {
        Set<Integer> unbound = new HashSet<>(); // what is bound anew under such a ref afterwards never comes to be
        return waiting.stream()
                .filter(ClientFrame::hasUnbind)
                .map(ClientFrame::getUnbind)
                .filter(unbind -> unbound.add(unbind.getRef()) && unbind.getForget())
                .map(Unbind::getRef)
                .collect(Collectors.toSet());
    }

    private void malformed(String problem) {
        link.close(Ending.of(CloseCode.MALFORMED_FRAME, problem));
    }

    private void reply(ServerFrame frame) {
        link.write(frame);
        link.flush();
    }
}
