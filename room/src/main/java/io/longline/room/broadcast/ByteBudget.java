package io.longline.room.broadcast;

import java.util.function.LongSupplier;

/** So many bytes a second the whole room sends of all broadcasts together. A message that is larger than that has a second for itself. */
final class ByteBudget {
    private final long bytesPerS;
    private final LongSupplier nanos;
    private final SlidingWindow window;

    /** @param bytesPerS 0: no limit */
    ByteBudget(long bytesPerS, LongSupplier nanos) {
        this.bytesPerS = bytesPerS;
        this.nanos = nanos;
        this.window = new SlidingWindow(nanos.getAsLong());
    }

    boolean isLimited() {
        return bytesPerS > 0;
    }

    /** Takes what so many copies of a message need, or as many as there are bytes for. */
    synchronized int take(int wanted, long bytesEach) {
        if (bytesPerS == 0 || wanted == 0) {
            return wanted;
        }
        long now = nanos.getAsLong();
        long fit = window.free(bytesPerS, now) / bytesEach;
        boolean large = bytesEach > Math.ceilDiv(bytesPerS, 10);
        int may = large ? large(bytesEach, now) : (int) Math.min(wanted, fit);
        window.add(may * bytesEach, now);
        return may;
    }

    /** One that is more than a tenth of a second's is sent alone. */
    private int large(long bytesEach, long now) {
        return window.isEmpty(now) || window.left(bytesPerS, now) >= bytesEach ? 1 : 0;
    }
}
