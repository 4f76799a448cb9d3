package io.longline.bench.presence;

import java.time.Duration;

/**
 * How much is done.
 *
 * @param clients of whom about half are connected at a time
 * @param changesPerSecond of one client each: it comes, goes, or has another link
 * @param stretch how long clients come and go, and parts are killed and stopped
 * @param lanes so many parts are down or stopped at a time, at most
 * @param longStops some stops are longer than the leases and the sessions in ZooKeeper
 */
public record PresenceKilledSize(int clients, int changesPerSecond, Duration stretch, int lanes, boolean longStops) {

    /** Some seconds, for a build. */
    public static final PresenceKilledSize TINY = new PresenceKilledSize(200, 40, Duration.ofSeconds(5), 1, false);

    /** Two minutes. */
    public static final PresenceKilledSize SMALL = new PresenceKilledSize(1_000, 100, Duration.ofSeconds(80), 2, true);

    /** What a release is tried with. */
    public static final PresenceKilledSize FULL = new PresenceKilledSize(20_000, 400, Duration.ofMinutes(5), 2, true);

    public PresenceKilledSize {
        if (clients < 2 || changesPerSecond < 1 || stretch.toSeconds() < 1 || lanes < 1) {
            throw new IllegalArgumentException(
                    "clients must be at least 2, changes a second, seconds and lanes at least 1");
        }
    }
}
