package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.TopicSending;
import java.util.HashSet;
import java.util.Set;

/** What is known of one message to a topic that is not finally judged. */
final class TopicCase extends LogCase {
    private static final int MOST_EVENTS = 200;

    final TopicSending send;

    /** Who told that its log had been cut there. */
    private final Set<EndpointId> excused = new HashSet<>();

    TopicCase(TopicSending send, long firstBegun, long floor) {
        super(send.number(), send.messageId(), firstBegun, floor, MOST_EVENTS);
        this.send = send;
    }

    void excuse(EndpointId endpoint) {
        excused.add(endpoint);
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
                && followed.of(endpoint).followsSince(firstBegun())
                && (send.journaled() || !endpoint.mayBeUnknown(firstBegun()));
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
