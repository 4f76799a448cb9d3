package io.longline.bench.presence;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Which blows come, and in which order: each part gets each kind, shuffled, and again from the beginning. The same for the same seed. */
final class BlowDeck {
    private static final Duration LEAST = Duration.ofMillis(300);
    /** Longer than the 10 s for which a coordinator has a shard and the 6 s of a session in ZooKeeper. */
    private static final Duration LEAST_LONG = Duration.ofSeconds(12);

    private final Random random;
    private final List<String> parts;
    private final boolean longStops;
    private final Duration most;
    private final Deque<Blow> deck = new ArrayDeque<>();
    private boolean emptied;

    /** @param parts of which those called {@code redis} are emptied once */
    BlowDeck(long seed, List<String> parts, boolean longStops) {
        this.random = new Random(seed);
        this.parts = List.copyOf(parts);
        this.longStops = longStops;
        this.most = longStops ? Duration.ofSeconds(5) : Duration.ofSeconds(1);
    }

    synchronized Blow next() {
        if (deck.isEmpty()) {
            deal();
        }
        return deck.remove();
    }

    private void deal() {
        List<Blow> blows = new ArrayList<>();
        for (String part : parts) {
            blows.add(blow(part, Blow.Kind.KILL, LEAST));
            blows.add(blow(part, Blow.Kind.STOP, LEAST));
            if (longStops) {
                blows.add(blow(part, Blow.Kind.LONG_STOP, LEAST_LONG));
            }
        }
        Collections.shuffle(blows, random);
        if (!emptied) {
            emptied = true;
            int among = random.nextInt(longStops ? blows.size() / 2 : 3);
            parts.stream()
                    .filter("redis"::equals)
                    .forEach(redis -> blows.add(among, blow(redis, Blow.Kind.EMPTY, LEAST)));
        }
        deck.addAll(blows);
    }

    private Blow blow(String part, Blow.Kind kind, Duration least) {
        return new Blow(
                part, kind, least.plus(upTo(most)), LEAST.plus(upTo(most).dividedBy(2)));
    }

    private Duration upTo(Duration limit) {
        return Duration.ofMillis(random.nextLong(limit.toMillis()));
    }
}
