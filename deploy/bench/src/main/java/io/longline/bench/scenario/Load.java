package io.longline.bench.scenario;

import java.time.Duration;
import java.util.List;

/**
 * How much a scenario does; each says what it makes of these.
 *
 * @param clients connected at a time, at most
 * @param rounds of the same, for a median
 * @param stretch how long pushes flow at a rate
 * @param rates pushes a second, one stretch each
 */
public record Load(int clients, int rounds, Duration stretch, List<Integer> rates) {

    public Load {
        rates = List.copyOf(rates);
        if (clients < 1
                || rounds < 1
                || stretch.toSeconds() < 1
                || rates.stream().anyMatch(rate -> rate < 1)) {
            throw new IllegalArgumentException("clients, rounds, seconds and rates must be at least 1");
        }
    }

    static Load of(int clients, int rounds, int seconds, Integer... rates) {
        return new Load(clients, rounds, Duration.ofSeconds(seconds), List.of(rates));
    }

    int rate() {
        return rates.getFirst();
    }
}
