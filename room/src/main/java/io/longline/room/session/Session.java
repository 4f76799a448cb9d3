package io.longline.room.session;

import io.longline.room.transport.Ending;
import io.longline.room.transport.Link;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint bound on one link: who it is, where it is, and which generation it owns. What is sent on it is the business
 * of its {@link LastHop}.
 *
 * <p>While {@code BINDING} it has a place, so that hints find it, but the register has not told its generation yet.
 */
public final class Session {

    /** The stages of its life, in order. */
    public enum State {
        BINDING,
        LIVE,
        ENDED
    }

    private final LinkSessions owner;
    private final int ref;
    private final Endpoint endpoint;
    private final LastHop lastHop;

    private volatile State state = State.BINDING; // handshakes look at it from other threads
    private boolean rebinding;
    private boolean toBeForgotten;
    private int slot = -1;
    private int slotGeneration;
    private long generation;
    private long sinceMs;
    private @Nullable EarlyEnd earlyEnd;
    private @Nullable Ending ending;
    private List<String> topicPatterns = List.of(); // shared by all that have none

    private record EarlyEnd(long generation, Ending ending) {}

    /**
     * A session that has no place yet.
     *
     * @param window how many messages may be unacknowledged, at least 1
     */
    public Session(LinkSessions owner, int ref, Endpoint endpoint, int window) {
        this.owner = owner;
        this.ref = ref;
        this.endpoint = endpoint;
        this.lastHop = new LastHop(owner.link(), ref, window);
    }

    /** Bound and welcomed. The page that the saver read when it opened the inbox is to be given to the last hop next. */
    public void live(long newGeneration, long ackedSeq, long nowMs) {
        generation = newGeneration;
        sinceMs = nowMs;
        state = State.LIVE;
        lastHop.open(ackedSeq);
    }

    /** Its endpoint is being bound again, because the room took a new incarnation. */
    public void rebinding() {
        rebinding = true;
    }

    /** Bound again. What was stored in between may have found nobody. */
    public void rebound(long newGeneration) {
        generation = newGeneration;
        rebinding = false;
        lastHop.reload();
    }

    /** It ends while it is being bound, for the first time or again, and its device is to be forgotten once that is answered. */
    public void forgetWhenBound() {
        toBeForgotten = true;
    }

    public boolean isToBeForgotten() {
        return toBeForgotten;
    }

    public boolean isRebinding() {
        return rebinding;
    }

    /** It has been ended, for this reason. */
    void endedBy(Ending why) {
        ending = why;
    }

    /** Why it was ended; null where it was not, or by its client, or with its link. */
    public @Nullable Ending ending() {
        return ending;
    }

    void ended() {
        state = State.ENDED;
        lastHop.close();
    }

    /** Whether a hint of this generation is for this session. The generation of a bind that is under way is not known here yet. */
    public boolean accepts(long hintGeneration) {
        return bindUnderWay() || generation == hintGeneration;
    }

    public boolean bindUnderWay() {
        return state == State.BINDING || rebinding;
    }

    /** It is to end if the bind that is under way gives it this generation, or an older one. */
    public void endWhenBound(long ofGeneration, Ending ending) {
        earlyEnd = new EarlyEnd(ofGeneration, ending);
    }

    /** Why the owner of this generation has ended before its bind was answered; null if it has not. */
    public @Nullable Ending overtaken(long boundGeneration) {
        return earlyEnd != null && earlyEnd.generation >= boundGeneration ? earlyEnd.ending : null;
    }

    /** Its table gave it a place. The generation of a slot tells it from those that had the slot before. */
    void placed(int newSlot, int newSlotGeneration) {
        slot = newSlot;
        slotGeneration = newSlotGeneration;
    }

    /** Its token says so: patterns of the topics that its client may follow. */
    public void allowTopics(List<String> patterns) {
        topicPatterns = patterns;
    }

    public List<String> topicPatterns() {
        return topicPatterns;
    }

    public LastHop lastHop() {
        return lastHop;
    }

    public LinkSessions owner() {
        return owner;
    }

    public Link link() {
        return owner.link();
    }

    public int ref() {
        return ref;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public State state() {
        return state;
    }

    /** Other threads see it a moment later. */
    public boolean isEnded() {
        return state == State.ENDED;
    }

    /** 0 until the register gave one. */
    public long generation() {
        return generation;
    }

    public long sinceMs() {
        return sinceMs;
    }

    public int slot() {
        return slot;
    }

    public int slotGeneration() {
        return slotGeneration;
    }
}
