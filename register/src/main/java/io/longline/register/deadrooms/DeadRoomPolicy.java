package io.longline.register.deadrooms;

import io.longline.register.endpoint.Incarnation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which incarnations are gone. One that was alive at an earlier look and is not any more is gone at once, and so is one
 * whose room lives under a later incarnation. Another that has routes but was never seen alive is either left from the time
 * before this process, or so young that it is not announced yet: it is gone if it stays so for the grace time. Not
 * thread-safe.
 */
final class DeadRoomPolicy {
    private final Duration unseenGrace;
    private final Set<Incarnation> seenAlive = new HashSet<>();
    private final Map<Incarnation, Instant> unseenSince = new HashMap<>();

    DeadRoomPolicy(Duration unseenGrace) {
        this.unseenGrace = unseenGrace;
    }

    /**
     * @param living what ZooKeeper names now; never a guess or an old list
     * @param bound what has routes
     */
    Set<Incarnation> gone(Set<Incarnation> living, Set<Incarnation> bound, Instant now) {
        Set<Incarnation> gone = new HashSet<>(seenAlive);
        gone.removeAll(living);
        seenAlive.addAll(living);

        Set<Incarnation> unseen = new HashSet<>(bound);
        unseen.removeAll(seenAlive);
        unseenSince.keySet().retainAll(unseen);
        for (Incarnation incarnation : unseen) {
            Instant since = unseenSince.computeIfAbsent(incarnation, first -> now);
            if (!now.isBefore(since.plus(unseenGrace)) || followedByAnother(incarnation, living)) {
                gone.add(incarnation);
            }
        }
        return gone;
    }

    private static boolean followedByAnother(Incarnation incarnation, Set<Incarnation> living) {
        return living.stream()
                .anyMatch(later -> later.room().equals(incarnation.room()) && later.number() > incarnation.number());
    }

    /** Nothing is left of it. Until this is called it stays gone at each look. */
    void swept(Incarnation incarnation) {
        seenAlive.remove(incarnation);
        unseenSince.remove(incarnation);
    }
}
