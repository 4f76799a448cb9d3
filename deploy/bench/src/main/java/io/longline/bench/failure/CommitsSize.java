package io.longline.bench.failure;

import java.time.Duration;

/**
 * How much {@link Commits} does.
 *
 * @param redisPerSecond pushes a second of the product with durability {@code redis}
 * @param mysqlPerSecond of the other one
 * @param delay of each commit, where they are delayed
 * @param stretch how long it sends each time
 * @param rounds how often it sends without and with the delay
 */
public record CommitsSize(int redisPerSecond, int mysqlPerSecond, Duration delay, Duration stretch, int rounds) {

    public CommitsSize {
        require(redisPerSecond >= 1, "redis must be at least 1 push a second");
        require(mysqlPerSecond >= 1, "mysql must be at least 1 push a second");
        require(!delay.isNegative(), "the delay must not be negative");
        require(stretch.compareTo(Duration.ofSeconds(1)) >= 0, "a stretch must be at least 1 s");
        require(rounds >= 1, "rounds must be at least 1");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
