package io.longline.keeper.product;

/**
 * At what pace the broadcasts of a product go on, all rooms together; 0: as fast as the rooms can.
 *
 * @param defaultPerS people a second, of one that says nothing of its pace
 * @param mostPerS people a second, of all that run at the same moment
 * @param defaultBytesPerS bytes a second, likewise; where both are there the lower pace is the one
 * @param mostBytesPerS bytes a second, of all that run at the same moment
 */
public record BroadcastLimits(int defaultPerS, int mostPerS, int defaultBytesPerS, int mostBytesPerS) {

    public static final BroadcastLimits NONE = new BroadcastLimits(0, 0, 0, 0);

    /** In people alone. */
    public BroadcastLimits(int defaultPerS, int mostPerS) {
        this(defaultPerS, mostPerS, 0, 0);
    }

    /** Whether all that run share something. */
    public boolean areShared() {
        return mostPerS > 0 || mostBytesPerS > 0;
    }
}
