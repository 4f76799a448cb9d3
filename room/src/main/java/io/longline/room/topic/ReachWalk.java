package io.longline.room.topic;

import io.longline.room.RoomMetrics;
import io.longline.room.transport.Turn;
import java.util.concurrent.CompletableFuture;

/**
 * One hint on its way over the followers of one loop, a piece at a time, from the last to the first: who leaves meanwhile gives his place to the
 * last one, and so nobody is left out; who comes meanwhile reads the log. On that loop.
 */
final class ReachWalk {
    private final TopicLoop topics;
    private final Followers followers;
    private final TopicHint hint;
    private final long nowMs;
    private final RoomMetrics metrics;
    private final CompletableFuture<TopicReached> done;
    private final int piece;
    private int next;
    private long visited;
    private long sent;

    ReachWalk(
            TopicLoop topics,
            Followers followers,
            TopicHint hint,
            long nowMs,
            RoomMetrics metrics,
            CompletableFuture<TopicReached> done) {
        this.topics = topics;
        this.followers = followers;
        this.hint = hint;
        this.nowMs = nowMs;
        this.metrics = metrics;
        this.done = done;
        this.piece = Turn.visits(hint.message() == null ? 0 : hint.message().payloadSize());
        this.next = followers.size();
    }

    void goOn() {
        next = Math.min(next, followers.size());
        int to = Math.max(0, next - piece);
        while (next > to) {
            visit(followers.get(--next));
            next = Math.min(next, followers.size()); // a link that breaks while it is written to ends its session
        }
        if (next > 0) {
            topics.loop().afterOthers(this::goOn);
        } else {
            done.complete(new TopicReached(visited, sent));
        }
    }

    private void visit(Follow follow) {
        visited++;
        long before = follow.sent();
        if (follow.take(hint, nowMs)) {
            sent++;
            if (follow.sent() != before) {
                metrics.topicWrittenFromHint();
            }
        } else {
            topics.reader().level(follow);
        }
    }
}
