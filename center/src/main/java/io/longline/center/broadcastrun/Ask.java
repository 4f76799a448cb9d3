package io.longline.center.broadcastrun;

/**
 * What one room is asked.
 *
 * @param canaryPermille so many users of 1,000; 0: everybody
 * @param perS of {@link Wish#SEND}: people a second
 * @param number what was asked with a smaller one counts no more
 */
record Ask(Wish wish, int canaryPermille, int perS, long number) {}
