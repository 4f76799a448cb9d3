package io.longline.bench.failure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What came back, and when.
 *
 * @param bound how long it took to bind the sessions
 * @param stored how long it took to store the messages
 * @param redisBack from the kill until an empty Redis served
 * @param routes of each shard that has a session: from then until one was located
 * @param inboxes of each shard that has messages: from then until those of a user were loaded
 * @param allSessions from then until every session was located; likewise all messages
 * @param sessionsLost that were not found again; likewise messages
 */
public record RebuildResult(
        RebuildSize size,
        Duration bound,
        Duration stored,
        Duration redisBack,
        List<Duration> routes,
        List<Duration> inboxes,
        Duration allSessions,
        Duration allMessages,
        int sessionsLost,
        int messagesLost) {

    public boolean isComplete() {
        return sessionsLost == 0 && messagesLost == 0;
    }

    static Duration median(List<Duration> times) {
        return at(times, 0.5);
    }

    static Duration longest(List<Duration> times) {
        return at(times, 1.0);
    }

    private static Duration at(List<Duration> times, double share) {
        Duration[] sorted = times.toArray(Duration[]::new);
        Arrays.sort(sorted);
        return sorted.length == 0 ? Duration.ZERO : sorted[(int) Math.round((sorted.length - 1) * share)];
    }
}
