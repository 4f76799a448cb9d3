package io.longline.room.conversation;

import io.longline.frames.CloseCode;
import io.longline.room.delivery.RoomLoop;
import io.longline.room.handshake.Abusers;
import io.longline.room.handshake.Handshake;
import io.longline.room.handshake.Networks;
import io.longline.room.handshake.Parting;
import io.longline.room.handshake.Unbinder;
import io.longline.room.presence.Asks;
import io.longline.room.session.Incarnation;
import io.longline.room.session.Session;
import io.longline.room.topic.TopicLoop;
import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkListener;
import io.longline.room.uplink.Uplinks;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.LongSupplier;

/** Begins a conversation on each new link; what all conversations need is here. */
public final class Reception {
    private static final int SECRET_BYTES = 18;

    private final List<RoomLoop> loops;
    private final List<TopicLoop> topics;
    private final List<Uplinks> uplinks;
    private final List<Asks> asks;
    private final Handshake handshake;
    private final Unbinder unbinder;
    private final Networks networks;
    private final Abusers abusers;
    private final Incarnation incarnation;
    private final int pingsPerMinute;
    private final int requestsPerMinute;
    private final LongSupplier nowMs;
    private final SecureRandom random = new SecureRandom();

    /**
     * Receives the links of these loops.
     *
     * @param loops in the order of their index
     * @param topics likewise
     * @param uplinks likewise
     * @param asks likewise
     * @param pingsPerMinute on a link
     * @param requestsPerMinute on a link, all frames but acks, binds, pings and uplinks that are taken
     */
    public Reception(
            List<RoomLoop> loops,
            List<TopicLoop> topics,
            List<Uplinks> uplinks,
            List<Asks> asks,
            Handshake handshake,
            Unbinder unbinder,
            Networks networks,
            Abusers abusers,
            Incarnation incarnation,
            int pingsPerMinute,
            int requestsPerMinute,
            LongSupplier nowMs) {
        this.loops = loops;
        this.topics = topics;
        this.uplinks = uplinks;
        this.asks = asks;
        this.handshake = handshake;
        this.unbinder = unbinder;
        this.networks = networks;
        this.abusers = abusers;
        this.incarnation = incarnation;
        this.pingsPerMinute = pingsPerMinute;
        this.requestsPerMinute = requestsPerMinute;
        this.nowMs = nowMs;
    }

    /** On the link's loop. */
    public LinkListener receive(Link link) {
        return new Conversation(link, loops.get(link.loop().index()), this);
    }

    /** Of the link's loop. Not kept by a conversation: most have nothing to do with topics. */
    TopicLoop topics(Link link) {
        return topics.get(link.loop().index());
    }

    /** Likewise. */
    Uplinks uplinks(Link link) {
        return uplinks.get(link.loop().index());
    }

    /** Likewise. */
    Asks asks(Link link) {
        return asks.get(link.loop().index());
    }

    /** Ends the live sessions of one loop whose token has ended, the others are looked at when they are bound; to be called on that loop, so many times a second as there are slices. */
    public void sweepTokens(RoomLoop roomLoop, int slices) {
        roomLoop.sessions().sweep(slices, nowMs.getAsLong(), session -> {
            if (session.state() == Session.State.LIVE
                    && session.owner().end(session, Ending.of(CloseCode.BAD_TOKEN, "the token has expired"))) {
                gone(session, Parting.BAD_TOKEN);
            }
        });
    }

    /** The register hears that a session is gone, if it knows of it. */
    void gone(Session session, Parting why) {
        if (session.generation() != 0) {
            unbinder.leave(session.endpoint(), incarnation.placeOf(session), session.generation(), why);
        }
    }

    Handshake handshake() {
        return handshake;
    }

    Unbinder unbinder() {
        return unbinder;
    }

    Networks networks() {
        return networks;
    }

    Abusers abusers() {
        return abusers;
    }

    Incarnation incarnation() {
        return incarnation;
    }

    int pingsPerMinute() {
        return pingsPerMinute;
    }

    int requestsPerMinute() {
        return requestsPerMinute;
    }

    long nowMs() {
        return nowMs.getAsLong();
    }

    /** Unguessable. */
    String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
