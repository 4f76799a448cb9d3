package io.longline.keeper.product;

/**
 * How often the clients of a product ping while nothing else is sent, in seconds.
 *
 * @param intervalS what a client without a wish gets
 * @param minS the smallest granted
 * @param maxS the greatest granted
 */
public record Heartbeats(int intervalS, int minS, int maxS) {

    public static final Heartbeats DEFAULT = new Heartbeats(240, 30, 600);
}
