package io.longline.bench.measure;

import java.util.Collection;

/** The figure that half of the others do not reach. */
public final class Median {
    private Median() {}

    /** Of at least one. */
    public static double of(Collection<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
