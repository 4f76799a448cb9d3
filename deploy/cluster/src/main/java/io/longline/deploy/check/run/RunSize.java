package io.longline.deploy.check.run;

import java.time.Duration;

/**
 * How much a run does.
 *
 * @param operations of back ends and clients
 * @param faults one after the other; the run lasts until both are used up
 * @param users of each product
 * @param perSecond at most so many operations a second
 * @param stops how long a process is stopped, at most, but for some
 * @param longStops how long a twentieth of the stopped ones are
 * @param patience how long a healed cluster may take until everybody has everything
 */
public record RunSize(
        int operations, int faults, int users, int perSecond, Duration stops, Duration longStops, Duration patience) {

    /** A few seconds, for a build. */
    public static final RunSize TINY =
            new RunSize(1_000, 3, 12, 250, Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(60));

    /** A few minutes. */
    public static final RunSize SMALL =
            new RunSize(20_000, 30, 24, 150, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60));

    /** Hours. */
    public static final RunSize FULL = new RunSize(
            1_000_000, 1_000, 200, 200, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(120));

    public RunSize withOperations(int count) {
        return new RunSize(count, faults, users, perSecond, stops, longStops, patience);
    }

    public RunSize withFaults(int count) {
        return new RunSize(operations, count, users, perSecond, stops, longStops, patience);
    }
}
