package io.longline.deploy.check.run;

import java.time.Duration;

/**
 * How much a run does.
 *
 * @param operations of back ends and clients
 * @param faults the run lasts until both are used up
 * @param lanes in each of which there is one fault after the other
 * @param users of each product
 * @param perSecond at most so many operations a second
 * @param stops how long a process is stopped, at most, but for some
 * @param longStops how long a twentieth of the stopped ones are
 * @param ready how long a healed part may take until it is ready; a saver restores what Redis has lost, all that was sent in a day
 * @param patience how long a healed cluster may take until everybody has everything
 */
public record RunSize(
        int operations,
        int faults,
        int lanes,
        int users,
        int perSecond,
        Duration stops,
        Duration longStops,
        Duration ready,
        Duration patience) {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A few seconds, for a build, at a rate that two cores bear while all is compiled and processes start. */
    public static final RunSize TINY =
            new RunSize(1_000, 3, 1, 12, 120, Duration.ofSeconds(2), Duration.ofSeconds(2), MINUTE, MINUTE);

    /** A few minutes. */
    public static final RunSize SMALL =
            new RunSize(20_000, 30, 2, 24, 150, Duration.ofSeconds(5), Duration.ofSeconds(5), MINUTE, MINUTE);

    /** Some hours. */
    public static final RunSize FULL = new RunSize(
            1_000_000,
            1_000,
            4,
            200,
            400,
            Duration.ofSeconds(5),
            MINUTE,
            Duration.ofMinutes(10),
            Duration.ofMinutes(2));

    public RunSize withOperations(int count) {
        return new RunSize(count, faults, lanes, users, perSecond, stops, longStops, ready, patience);
    }

    public RunSize withFaults(int count) {
        return new RunSize(operations, count, lanes, users, perSecond, stops, longStops, ready, patience);
    }

    public RunSize withLanes(int count) {
        return new RunSize(operations, faults, count, users, perSecond, stops, longStops, ready, patience);
    }
}
