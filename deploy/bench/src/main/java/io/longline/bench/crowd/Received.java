package io.longline.bench.crowd;

import java.util.BitSet;

/** Which messages of the latest run a client has. A run begins anew where one of it comes first. */
final class Received {
    private static final int NO_RUN = -1;

    private final BitSet numbers = new BitSet();
    private int run = NO_RUN;

    /** Whether it is new; false: it was here before. */
    boolean add(Stamp stamp) {
        if (stamp.run() != run) {
            run = stamp.run();
            numbers.clear();
        }
        boolean isNew = !numbers.get(stamp.number());
        numbers.set(stamp.number());
        return isNew;
    }

    /** How many of a run are here. */
    int of(int ofRun) {
        return ofRun == run ? numbers.cardinality() : 0;
    }
}
