package io.longline.sdk;

import io.longline.frames.CloseCode;
import io.longline.sdk.state.StateStore;
import io.longline.v1.Bind;
import io.longline.v1.Push;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint, over all the links of a client's life. The thread {@code longline-app} takes its messages, {@code longline-link} binds it.
 */
final class Session {
    private final int ref;
    private final String product;
    private final String user;
    private final Supplier<String> token;
    private final String key;
    private final Progress inbox;
    private final Topics topics;
    private final Uplinks uplinks;
    private final Presence presence;

    private enum Binding {
        WANTED,
        BOUND,
        ENDED
    }

    private volatile Binding binding = Binding.WANTED;
    private boolean newTokenTried;
    private int refusals;
    private long bindAtMs = Long.MAX_VALUE;

    Session(int ref, Endpoint endpoint, @Nullable String device, StateStore store) {
        this.ref = ref;
        this.product = endpoint.product;
        this.user = endpoint.user;
        this.token = endpoint.token;
        this.key = product + "/" + user + "/" + (device == null ? "default" : device);
        this.inbox = new Progress(key, store);
        this.topics = new Topics(ref, key, store);
        this.uplinks = new Uplinks(ref);
        this.presence = new Presence(ref);
    }

    /** What the app asked to be bound. */
    static final class Endpoint {
        private final String product;
        private final String user;
        private final Supplier<String> token;

        Endpoint(String product, String user, Supplier<String> token) {
            this.product = product;
            this.user = user;
            this.token = token;
        }
    }

    int ref() {
        return ref;
    }

    String product() {
        return product;
    }

    String user() {
        return user;
    }

    /** Of its inbox. */
    AckBatch acks() {
        return inbox.acks();
    }

    /** Something was finished with and not yet acknowledged. */
    boolean hasAcks() {
        return !inbox.acks().isEmpty() || topics.hasAcks();
    }

    Topics topics() {
        return topics;
    }

    Uplinks uplinks() {
        return uplinks;
    }

    Presence presence() {
        return presence;
    }

    /** The app gets no more answers. */
    void endAsking() {
        uplinks.end();
        presence.end();
    }

    /** Reads the state of an earlier run. */
    void load() {
        inbox.load();
        topics.load();
    }

    /** Hands over what an earlier run left to be pulled. */
    void restore(Pulls pulls) {
        pulls.restore(key, product, user);
    }

    // ---- longline-app ----

    /** Hands the message to the listener, unless it was finished with. One of QoS 0 has no position by which that could be known. */
    void take(Push push, MessageListener listener) throws Exception {
        Progress.Handing handing = maybeRepeated -> {
            Message message = new Message(key, product, user, push, maybeRepeated);
            if (!uplinks.isReply(message)) {
                listener.onMessage(message);
            }
        };
        if (push.getOffset() != 0) {
            topics.of(push.getTopic()).progress().take(push.getOffset(), handing);
        } else if (push.getSeq() != 0) {
            inbox.take(push.getSeq(), handing);
        } else {
            handing.hand(false);
        }
    }

    // ---- longline-link ----

    /**
     * What binds this endpoint on a new link. It names the last seq finished with, which is an ack, and where to go on in the topics that the
     * app follows.
     *
     * Throws what the token supplier threw, which may be anything.
     */
    Bind bind() {
        Bind.Builder bind = Bind.newBuilder()
                .setRef(ref)
                .setProduct(product)
                .setUser(user)
                .setToken(Objects.requireNonNull(token.get(), "the token supplier gave null"));
        bindAtMs = Long.MAX_VALUE;
        inbox.acks().takeAll();
        if (inbox.finished() > 0) {
            bind.setSeq(inbox.finished());
        }
        return bind.addAllTopics(topics.positions()).build();
    }

    void bound() {
        binding = Binding.BOUND;
        newTokenTried = false;
        refusals = 0;
    }

    boolean isBound() {
        return binding == Binding.BOUND;
    }

    /** The link is gone: to be bound again on the next one. */
    void linkLost() {
        uplinks.linkLost();
        presence.linkLost();
        if (binding == Binding.BOUND) {
            binding = Binding.WANTED;
        }
    }

    /** The app has to act first. */
    void ended() {
        binding = Binding.ENDED;
        endAsking();
    }

    boolean hasEnded() {
        return binding == Binding.ENDED;
    }

    /**
     * Whether to come back after this code: where the room says so, and after a refused token once, because the app may have a newer one.
     */
    boolean comesBackAfter(int code, boolean retry) {
        if (code == CloseCode.BAD_TOKEN.number() && !newTokenTried) {
            newTokenTried = true;
            return true;
        }
        return retry;
    }

    /** Refused, or without a token: to be bound again at a time that is then given. Answers how often that was in a row, from 0. */
    int refused() {
        uplinks.linkLost();
        presence.linkLost();
        binding = Binding.WANTED;
        return refusals++;
    }

    void bindAgainAt(long ms) {
        bindAtMs = ms;
    }

    /** For how long it is to stay away still: so long the hello of a new link leaves it out, and a bind follows. */
    long waitMs(long nowMs) {
        return bindAtMs == Long.MAX_VALUE ? 0 : Math.max(0, bindAtMs - nowMs);
    }

    /** When to bind again on the present link; never, most of the time. */
    long bindAtMs() {
        return binding == Binding.WANTED ? bindAtMs : Long.MAX_VALUE;
    }
}
