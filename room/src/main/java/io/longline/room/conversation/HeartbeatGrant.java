package io.longline.room.conversation;

import io.longline.keeper.product.Heartbeats;
import io.longline.room.handshake.BindAttempt;
import java.time.Duration;
import java.util.List;

/** How often a client has to be heard of: what it wishes, within what its products allow. */
final class HeartbeatGrant {
    private HeartbeatGrant() {}

    /**
     * The interval in seconds. Several products on a link: within the widest of their limits, and without a wish the shortest of
     * their intervals.
     *
     * @param wishedS 0: no wish
     */
    static int grant(int wishedS, List<BindAttempt> bound) {
        List<Heartbeats> limits =
                bound.stream().map(attempt -> attempt.product().heartbeat()).toList();
        if (limits.isEmpty()) {
            limits = List.of(Heartbeats.DEFAULT);
        }
        int min = limits.stream().mapToInt(Heartbeats::minS).min().orElseThrow();
        int max = limits.stream().mapToInt(Heartbeats::maxS).max().orElseThrow();
        int usual = limits.stream().mapToInt(Heartbeats::intervalS).min().orElseThrow();
        int wanted = wishedS == 0 ? usual : wishedS;
        return Math.max(min, Integer.compareUnsigned(wanted, max) > 0 ? max : wanted);
    }

    /** One and a half intervals; CONTRACT section 4. */
    static Duration allowedSilence(int heartbeatS) {
        return Duration.ofMillis(heartbeatS * 1_500L);
    }
}
