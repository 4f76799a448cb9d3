package io.longline.keeper.product;

/**
 * How many uplinks the clients of a product may send; 0: any number. One that is repeated counts again.
 *
 * @param sessionPerMinute of one session; they may come all at once
 * @param ratePerS of all clients together, in all rooms
 */
public record UplinkLimits(int sessionPerMinute, int ratePerS) {

    /** A client may send ten a second for long, all clients together any number. */
    public static final UplinkLimits DEFAULT = new UplinkLimits(600, 0);
}
