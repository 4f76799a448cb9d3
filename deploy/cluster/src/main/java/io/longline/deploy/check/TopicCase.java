package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.TopicSending;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of one message to a topic that is not finally judged. */
final class TopicCase implements Traced {
    private static final int MOST_EVENTS = 200;

    final TopicSending send;

    /** The highest offset of its topic that was answered before it was first sent: its own is higher. */
    final long floor;

    private final long firstBegun;
    private final List<Event> events = new ArrayList<>();

    /** Where it came to, over a link or from the SDK. */
    private final Set<EndpointId> arrived = new HashSet<>();

    /** Who told that its log had been cut there. */
    private final Set<EndpointId> excused = new HashSet<>();

    /** Attempts that are under way. */
    int open;

    /** When it was first answered with success; -1: never. */
    long successAt = -1;

    long lastAnswerAt;
    boolean over;

    /** Redis lost it before it was promised to be kept, so that it may be published anew, with another offset; or it was said that it was. */
    boolean mayChange;

    /** Redis alone had it, and lost it as it may. */
    boolean mayBeLost;

    /** 0: nobody told it yet. */
    long offset;

    /** It was found waiting though nothing was in its way; it need not be said twice. */
    boolean stranded;

    /** All that was owed was given; kept for its history. */
    boolean judged;

    @Nullable
    String id;

    TopicCase(TopicSending send, long firstBegun, long floor) {
        this.send = send;
        this.firstBegun = firstBegun;
        this.floor = floor;
        this.id = send.messageId();
    }

    void note(Event event) {
        if (events.size() < MOST_EVENTS) {
            events.add(event);
        }
    }

    @Override
    public int number() {
        return send.number();
    }

    @Override
    public long firstBegun() {
        return firstBegun;
    }

    @Override
    public List<Event> events() {
        return events;
    }

    void arrives(EndpointId endpoint) {
        arrived.add(endpoint);
    }

    void excuse(EndpointId endpoint) {
        excused.add(endpoint);
    }

    boolean isAnswered() {
        return successAt >= 0;
    }

    /** Whether its log certainly had it when somebody first wished the endpoint to follow. What was lost with Redis may be published anew. */
    boolean wasThereBefore(FollowCase endpoint) {
        return isAnswered() && !mayChange && endpoint.isUnwishedBefore(successAt);
    }

    /** From here on it certainly is no longer to be delivered; never, while it is still being sent. */
    long expiresAt() {
        return open > 0 ? Long.MAX_VALUE / 2 : lastAnswerAt + send.ttl().toNanos();
    }

    /** Whether it must still come to an endpoint, which followed from before it was sent until now. */
    boolean isOwed(UserTopic followed, EndpointCase endpoint) {
        return isAnswered()
                && !mayBeLost
                && endpoint.everCame()
                && !arrived.contains(endpoint.id)
                && !excused.contains(endpoint.id)
                && followed.of(endpoint).followsSince(firstBegun)
                && (send.journaled() || !endpoint.mayBeUnknown(firstBegun));
    }

    boolean isDue(long sentBefore, long now) {
        return isAnswered() && successAt < sentBefore && expiresAt() > now;
    }

    void redisWasLost(FaultLog faults, long now) {
        boolean kept = isAnswered() && (send.journaled() || faults.isJournaled(successAt, now));
        mayBeLost |= isAnswered() && !kept;
        mayChange |= !kept || !send.journaled();
    }
}
