package io.longline.dispatcher.dispatch;

/** The balancers, by the names that a configuration has for them: {@code consistent-hash} and so on. */
public enum Balancing {
    CONSISTENT_HASH,
    RANDOM,
    ROUND_ROBIN,
    SMOOTH_WEIGHTED;

    /** One that begins to count. */
    Balancer begin() {
        return switch (this) {
            case CONSISTENT_HASH -> new Ring();
            case RANDOM -> new RandomOrder();
            case ROUND_ROBIN -> new RoundRobin();
            case SMOOTH_WEIGHTED -> new SmoothWeighted();
        };
    }
}
