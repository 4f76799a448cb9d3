package io.longline.center.job;

import io.longline.keeper.product.SendLimits;

/** How many targets a second a job goes on with. */
public final class JobRate {
    /** Of what its product may send, so that others of the product's messages find room beside it. */
    private static final long TENTHS = 9;

    private JobRate() {}

    /**
     * The one that the job has, within what its product may.
     *
     * @param sharing how many jobs of the product run, which share that
     * @return 0: neither limits it
     */
    public static int perS(int ofJob, SendLimits limits, int sharing) {
        if (limits.ratePerS() == 0) {
            return ofJob;
        }
        int most = (int) Math.max(1, limits.ratePerS() * TENTHS / 10 / Math.max(1, sharing));
        return ofJob == 0 ? most : Math.min(ofJob, most);
    }
}
