package io.longline.deploy.proxy;

/**
 * Whom the terms are for.
 *
 * @param from who speaks; {@code *} is everybody
 * @param to who hears
 * @param bothWays also for what {@code to} says to {@code from}
 */
public record Rule(String from, String to, boolean bothWays) {
    private static final String ALL = "*";

    boolean covers(String speaker, String hearer) {
        return holds(speaker, hearer) || (bothWays && holds(hearer, speaker));
    }

    private boolean holds(String speaker, String hearer) {
        return matches(from, speaker) && matches(to, hearer);
    }

    private static boolean matches(String pattern, String name) {
        return pattern.equals(ALL) || pattern.equals(name);
    }
}
