package io.longline.center.job;

import io.longline.center.push.JobHead;
import io.longline.keeper.product.BroadcastLimits;

/**
 * At what pace a back end wants a broadcast to go on. All get the same message, so so many bytes a second are so many people, one at least.
 *
 * @param people a second; 0: any number
 * @param bytes a second; 0: any number
 * @param each bytes that one session takes; 0: nobody knows, so no limit of bytes holds
 */
public record BroadcastRate(int people, int bytes, int each) {

    /**
     * To how many people a second it goes: by the pace that the job has, of one that has none by the usual one of its product; within what its product
     * may.
     *
     * @param sharing how many jobs of the product run, which share that
     * @return 0: nothing limits it
     */
    public int perS(BroadcastLimits limits, int sharing) {
        boolean saysNothing = people == 0 && bytes == 0;
        int wanted = saysNothing
                ? lower(limits.defaultPerS(), within(limits.defaultBytesPerS()))
                : lower(people, within(bytes));
        int most = lower(share(limits.mostPerS(), sharing), within(share(limits.mostBytesPerS(), sharing)));
        return lower(wanted, most);
    }

    /** How many people are within so many bytes. */
    private int within(int bytesPerS) {
        return bytesPerS == 0 || each == 0 ? 0 : Math.clamp(bytesPerS / each, 1, JobHead.MAX_RATE_PER_S);
    }

    private static int share(int most, int sharing) {
        return most == 0 ? 0 : Math.max(1, most / Math.max(1, sharing));
    }

    /** Where 0 is no limit. */
    private static int lower(int one, int other) {
        return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
    }
}
