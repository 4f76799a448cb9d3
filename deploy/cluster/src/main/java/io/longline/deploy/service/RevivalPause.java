package io.longline.deploy.service;

import java.time.Duration;

/**
 * How long to wait before a process that died is started again: not at all the first time, then from half a second to 30 s,
 * each time twice as long; from the beginning when it lived for a minute. For one thread at a time.
 */
public final class RevivalPause {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration SOUND_LIFE = Duration.ofMinutes(1);

    private Duration next = Duration.ZERO;

    /**
     * Called at each death.
     *
     * @param life how long the process lived
     */
    public Duration after(Duration life) {
        if (life.compareTo(SOUND_LIFE) > 0) {
            next = Duration.ZERO;
        }
        Duration pause = next;
        next = pause.isZero() ? FIRST : shorter(pause.multipliedBy(2), LONGEST);
        return pause;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
