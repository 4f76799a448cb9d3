package io.longline.center.job;

import io.longline.keeper.product.BroadcastLimits;

/** To how many people a second a broadcast goes. */
public final class BroadcastRate {

    private BroadcastRate() {}

    /**
     * The one that the job has, else the usual one of its product; within what its product may.
     *
     * @param sharing how many jobs of the product run, which share that
     * @return 0: nothing limits it
     */
    public static int perS(int ofJob, BroadcastLimits limits, int sharing) {
        int wanted = ofJob > 0 ? ofJob : limits.defaultPerS();
        if (limits.mostPerS() == 0) {
            return wanted;
        }
        int most = Math.max(1, limits.mostPerS() / Math.max(1, sharing));
        return wanted == 0 ? most : Math.min(wanted, most);
    }
}
