package io.longline.register.route;

/**
 * How many of one product are online, of one shard.
 *
 * @param lookedAt so many of the users, chosen at random
 * @param devices that those have connected
 */
public record Crowd(long users, long lookedAt, long devices) {}
