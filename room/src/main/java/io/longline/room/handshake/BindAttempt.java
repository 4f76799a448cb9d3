package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.keeper.product.Product;
import io.longline.room.delivery.Inboxes;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import io.longline.room.topic.Followed;
import io.longline.room.topic.TopicWish;
import io.longline.room.transport.Ending;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One bind on its way through the handshake: what was wished, and what each step found. Used by one thread at a time. */
public final class BindAttempt {

    /**
     * What the client asked for.
     *
     * @param ref its name for the session, on its link
     * @param seq the last one it is done with, 0: it does not say
     * @param topics it wants to follow
     */
    public record Wish(int ref, String product, String user, String token, long seq, List<TopicWish> topics) {}

    /**
     * What its token says.
     *
     * @param topicPatterns of topics that it may follow
     */
    record Admission(Product product, Endpoint endpoint, List<String> topicPatterns, long tokenEndsAtMs) {}

    private final Wish wish;
    private @Nullable Ending refusal;
    private @Nullable Admission admission;
    private @Nullable Session session;
    private boolean renewal;
    private @Nullable Place askedFor;
    private int refillsWhenAsked;
    private long generation;
    private Followed followed = Followed.NOTHING;
    private Inboxes.@Nullable Opened opened;

    public BindAttempt(Wish wish) {
        this.wish = wish;
    }

    public Wish wish() {
        return wish;
    }

    /** It has failed; later steps leave it alone. */
    public void refuse(Ending why) {
        refusal = why;
    }

    void refuse(CloseCode code, String reason) {
        refuse(Ending.of(code, reason));
    }

    /** Fails where its session has ended during the handshake, for the reason that had, or its token has. On the loop. */
    public void refuseIfOver(long nowMs) {
        if (refusal != null || session == null) {
            return;
        }
        if (session.isEnded()) {
            Ending why = session.ending();
            refuse(why != null ? why : Ending.of(CloseCode.GOING_AWAY, "the session has ended"));
        } else if (tokenEndsAtMs() <= nowMs) {
            refuse(CloseCode.BAD_TOKEN, "the token has expired");
        }
    }

    /** Why it failed; null while it has not. */
    public @Nullable Ending refusal() {
        return refusal;
    }

    void admitted(Admission found) {
        admission = found;
    }

    Admission admission() {
        return known(admission, "not admitted");
    }

    public Product product() {
        return admission().product();
    }

    /** It has a session in the state of binding. */
    void placed(Session placed) {
        session = placed;
    }

    /** Its ref is bound to this endpoint already; only the token is new. */
    void renews(Session existing) {
        session = existing;
        renewal = true;
    }

    public boolean isRenewal() {
        return renewal;
    }

    /** Null where it failed before it had one. */
    public @Nullable Session session() {
        return session;
    }

    /** Still to be bound: not failed, and not a renewal. */
    boolean toBeBound() {
        return refusal == null && !renewal;
    }

    /** The register is asked for this place. Whatever it answers, or if it does not, the route may be there from now on. */
    void asks(Place place, int refills) {
        askedFor = place;
        refillsWhenAsked = refills;
        generation = 0;
    }

    /** The count of refills of its shard when the register was last asked. */
    int refillsWhenAsked() {
        return refillsWhenAsked;
    }

    /** The place that the register was asked for; null if it was not asked. */
    public @Nullable Place askedFor() {
        return askedFor;
    }

    void bound(RegisterClient.Taken taken) {
        generation = taken.generation();
        followed = taken.followed();
    }

    /** What the endpoint follows, as the register answered. */
    public Followed followed() {
        return followed;
    }

    /** 0: the register has not answered. */
    public long generation() {
        return generation;
    }

    void opened(Inboxes.Opened found) {
        opened = found;
    }

    public Inboxes.Opened opened() {
        return known(opened, "not opened");
    }

    /** As its token has them. */
    public List<String> topicPatterns() {
        return admission().topicPatterns();
    }

    public long tokenEndsAtMs() {
        return admission().tokenEndsAtMs();
    }

    private <T> T known(@Nullable T value, String otherwise) {
        if (value == null) {
            throw new IllegalStateException("ref " + wish.ref() + " is " + otherwise);
        }
        return value;
    }
}
