package io.longline.deploy.check.client;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event.Session;
import io.longline.deploy.check.history.History;
import io.longline.deploy.check.history.Reply;
import io.longline.deploy.check.history.Stamp;
import io.longline.deploy.check.history.Uplink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One link of a phone, from hello to its end, with its sessions. What it says leaves through one thread, so that nobody waits.
 * All of it is guarded by the phone.
 */
final class PhoneLink implements RawLink.Ear {
    private static final int BATCH = 10;
    private static final int HEARTBEAT_S = 8;
    private static final int BLOCKED = 3505;

    private final Phone phone;
    private final History history;
    private final Place room;
    private final Map<Integer, Bind> byRef = new HashMap<>();
    private final BlockingQueue<Saying> sayings = new LinkedBlockingQueue<>();
    private volatile @Nullable RawLink link;
    private volatile long heardAt = System.nanoTime();
    private int refs;
    private boolean saidHello;
    private boolean deaf;
    private boolean over;

    PhoneLink(Phone phone, History history, Place room) {
        this.phone = phone;
        this.history = history;
        this.room = room;
    }

    /** Something to be said, in the order in which it was put. */
    private interface Saying {
        void to(RawLink link) throws IOException;
    }

    /** An endpoint on this link. */
    private static final class Bind {
        private final Session session;
        private final BindTopics topics;
        private boolean bound;
        private boolean caughtUp;
        private boolean forgetting;
        private long last;
        private long acked;

        Bind(Session session, BindTopics topics) {
            this.session = session;
            this.topics = topics;
        }
    }

    /** Connects and says hello; answers false where nobody is there. */
    boolean open(Function<RawLink.Ear, Optional<RawLink>> connect, List<Wish> wishes) {
        Optional<RawLink> opened = connect.apply(this);
        if (opened.isEmpty()) {
            return false;
        }
        synchronized (phone) {
            link = opened.get();
            List<Wish> numbered = wishes.stream().map(this::begin).toList();
            say(link -> link.hello(HEARTBEAT_S, numbered));
            saidHello = true;
        }
        Thread.ofVirtual().name("phone-says").start(() -> speak(opened.get()));
        return true;
    }

    private Wish begin(Wish wish) {
        synchronized (phone) {
            Wish numbered = wish.as(++refs);
            Session session = history.binding(wish.endpoint(), phone.name(), room.instance(), wish.seq());
            BindTopics topics = new BindTopics(session, phone.tenant(wish.endpoint()), history.topics());
            wish.topics().forEach(topics::named);
            byRef.put(numbered.ref(), new Bind(session, topics));
            return numbered;
        }
    }

    private void say(Saying saying) {
        sayings.add(saying);
    }

    private void speak(RawLink opened) {
        try {
            while (!isOver()) {
                Saying saying = sayings.poll(1, TimeUnit.SECONDS);
                if (saying != null) {
                    saying.to(opened);
                }
            }
        } catch (IOException e) {
            opened.drop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOver() {
        synchronized (phone) {
            return over;
        }
    }

    /** Whether it is so far that anything else may be said. */
    boolean isOpen() {
        synchronized (phone) {
            return saidHello && !over;
        }
    }

    void bind(Wish wish) {
        Wish numbered = begin(wish);
        say(link -> link.bind(numbered));
    }

    /** Whether this endpoint is on this link, bound or about to be. */
    boolean has(EndpointId endpoint) {
        synchronized (phone) {
            return !over
                    && byRef.values().stream()
                            .anyMatch(bind -> bind.session.endpoint().equals(endpoint));
        }
    }

    /** Whether it is bound here and has everything that waited. */
    boolean isCaughtUp(EndpointId endpoint) {
        synchronized (phone) {
            return !over
                    && byRef.values().stream()
                            .anyMatch(bind ->
                                    bind.caughtUp && bind.session.endpoint().equals(endpoint));
        }
    }

    boolean isBound(EndpointId endpoint) {
        synchronized (phone) {
            return !over
                    && !deaf
                    && byRef.values().stream()
                            .anyMatch(bind ->
                                    bind.bound && bind.session.endpoint().equals(endpoint));
        }
    }

    /** Says it in the first session that its endpoint has here. */
    void uplink(Uplink uplink, String text) {
        synchronized (phone) {
            byRef.entrySet().stream()
                    .filter(each -> each.getValue().bound
                            && each.getValue().session.endpoint().equals(uplink.endpoint()))
                    .findFirst()
                    .ifPresent(each -> say(link -> link.uplink(each.getKey(), uplink, text)));
        }
    }

    void unbind(EndpointId endpoint, boolean forget) {
        synchronized (phone) {
            byRef.forEach((ref, bind) -> {
                if (bind.bound && bind.session.endpoint().equals(endpoint)) {
                    if (forget) {
                        bind.forgetting = true;
                        history.forgetting(bind.session);
                    }
                    say(link -> link.unbind(ref, forget));
                }
            });
        }
    }

    void wish(EndpointId endpoint, String topic, boolean follow) {
        synchronized (phone) {
            byRef.forEach((ref, bind) -> {
                if (bind.bound && bind.session.endpoint().equals(endpoint)) {
                    bind.topics.wish(topic, follow);
                    say(link -> {
                        if (follow) {
                            link.subscribe(ref, topic);
                        } else {
                            link.unsubscribe(ref, topic);
                        }
                    });
                    if (!follow) {
                        phone.followsNoMore(endpoint, topic);
                    }
                }
            });
        }
    }

    void ping() {
        say(RawLink::ping);
    }

    /** How long the room has been silent. */
    long silentNanos() {
        return System.nanoTime() - heardAt;
    }

    /** Acknowledges all that came and is not acknowledged. */
    void flush() {
        synchronized (phone) {
            byRef.forEach(this::flush);
        }
    }

    private void flush(int ref, Bind bind) {
        if (over || deaf) {
            return;
        }
        bind.topics.flush((topic, offset) -> say(link -> link.ackTopic(ref, topic, offset)));
        if (bind.last > bind.acked) {
            bind.acked = bind.last;
            history.ackSent(bind.session, bind.last);
            long seq = bind.last;
            say(link -> link.ack(ref, seq));
        }
    }

    void goDeaf() {
        synchronized (phone) {
            deaf = true;
            byRef.values().forEach(bind -> history.deaf(bind.session));
            RawLink present = link;
            if (present != null) {
                present.stopReading();
            }
        }
    }

    void drop() {
        RawLink present = link;
        if (present != null) {
            present.drop();
        }
    }

    // ---- what the room says ----

    @Override
    public void heard(Heard frame) {
        synchronized (phone) {
            heardAt = System.nanoTime();
            if (deaf || over) {
                return; // also what was on its way through the client when it dropped the link
            }
            switch (frame) {
                case Heard.Welcome welcome -> welcome.bound().forEach(this::bound);
                case Heard.Bound bound -> bound(bound);
                case Heard.Push push -> push(push);
                case Heard.TopicPush push -> push(push);
                case Heard.Subscribed subscribed ->
                    Optional.ofNullable(byRef.get(subscribed.ref())).ifPresent(bind -> {
                        bind.topics.subscribed(subscribed);
                        phone.finished(bind.session.endpoint(), subscribed.topic(), subscribed.offset());
                    });
                case Heard.Gap gap -> Optional.ofNullable(byRef.get(gap.ref())).ifPresent(bind -> bind.topics.gap(gap));
                case Heard.TopicError error ->
                    Optional.ofNullable(byRef.get(error.ref())).ifPresent(bind -> {
                        bind.topics.refused(error);
                        phone.followsNoMore(bind.session.endpoint(), error.topic());
                    });
                case Heard.CaughtUp up ->
                    Optional.ofNullable(byRef.get(up.ref())).ifPresent(bind -> {
                        bind.caughtUp = true;
                        history.caughtUp(bind.session, up.seq());
                    });
                case Heard.UplinkAck ack ->
                    Optional.ofNullable(byRef.get(ack.ref()))
                            .ifPresent(bind -> phone.uplinkTaken(bind.session.endpoint(), ack.id(), this));
                case Heard.UplinkError error ->
                    Optional.ofNullable(byRef.get(error.ref()))
                            .ifPresent(bind -> phone.uplinkRefused(bind.session.endpoint(), error));
                case Heard.Unbound unbound -> unbound(unbound);
                case Heard.Close close -> {
                    end(close);
                    phone.closed(close.retry(), close.retryAfterMs());
                }
                case Heard.Other other -> {}
            }
        }
    }

    private void bound(Heard.Bound bound) {
        Bind bind = byRef.get(bound.ref());
        if (bind == null) {
            return;
        }
        if (bound.ok()) {
            bind.bound = true;
            history.bound(bind.session, bound.generation());
        } else {
            byRef.remove(bound.ref());
            history.ended(bind.session, bound.code(), "refused");
        }
    }

    private void push(Heard.Push push) {
        Bind bind = byRef.get(push.ref());
        if (bind == null) {
            history.broken(4, room.instance() + " sends to a session that " + phone.name() + " does not have: " + push);
            return;
        }
        if (push.inReplyTo().isEmpty()) {
            Stamp stamp = Stamp.read(push.text()).orElse(null);
            history.delivered(bind.session, push.seq(), push.messageId(), stamp, push.qos(), push.ttlMs());
        } else {
            Reply reply = Reply.read(push.text()).orElse(null);
            history.calls().replied(bind.session, push.seq(), push.inReplyTo(), reply);
        }
        if (push.seq() == 0) {
            return;
        }
        bind.last = Math.max(bind.last, push.seq());
        phone.finished(bind.session.endpoint(), push.seq());
        acknowledge(push.ref(), bind);
    }

    private void push(Heard.TopicPush push) {
        Bind bind = byRef.get(push.ref());
        if (bind == null) {
            history.broken(4, room.instance() + " sends to a session that " + phone.name() + " does not have: " + push);
            return;
        }
        bind.topics.push(push);
        phone.finished(bind.session.endpoint(), push.topic(), push.offset());
        acknowledge(push.ref(), bind);
    }

    private void acknowledge(int ref, Bind bind) {
        Acking acking = phone.acking();
        boolean due = acking == Acking.BATCHED && ++phone.unacked % BATCH == 0;
        if (acking == Acking.AT_ONCE || due) {
            flush(ref, bind);
        }
    }

    private void unbound(Heard.Unbound unbound) {
        Bind bind = byRef.remove(unbound.ref());
        if (bind != null) {
            String reason = unbound.reason();
            history.ended(bind.session, unbound.code(), reason.isEmpty() ? "unbound" : reason);
            if (bind.forgetting) {
                history.forgot(bind.session);
            }
            phone.unbound(bind.session.endpoint(), unbound);
        }
    }

    /** Where none of several binds succeeded the code is that of the first one, and says nothing of the others. */
    private void end(Heard.Close close) {
        boolean ofFirst = close.code() == BLOCKED && byRef.values().stream().noneMatch(bind -> bind.bound);
        int first = byRef.keySet().stream().mapToInt(ref -> ref).min().orElse(0);
        if (ofFirst) {
            Bind blocked = byRef.remove(first);
            Optional.ofNullable(blocked).ifPresent(bind -> history.ended(bind.session, close.code(), close.reason()));
        }
        end(ofFirst ? 0 : close.code(), close.reason().isEmpty() || ofFirst ? "close" : close.reason());
    }

    /** The client hears of the end only once, and of sessions that were never bound, too. */
    private void end(int code, String how) {
        synchronized (phone) {
            new ArrayList<>(byRef.values()).forEach(bind -> history.ended(bind.session, code, how));
            byRef.clear();
        }
    }

    @Override
    public void ended(String how) {
        synchronized (phone) {
            over = true;
            end(0, how);
        }
        phone.lost(this);
    }
}
