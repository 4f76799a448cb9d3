package io.longline.keeper.product;

/**
 * At what pace the broadcasts of a product go on, all rooms together; 0: as fast as the rooms can.
 *
 * @param defaultPerS people a second, of one that says nothing of it
 * @param mostPerS people a second, of all that run at the same moment
 */
public record BroadcastLimits(int defaultPerS, int mostPerS) {

    public static final BroadcastLimits NONE = new BroadcastLimits(0, 0);
}
