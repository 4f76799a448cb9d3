package io.longline.bench.measure;

import java.util.ArrayList;
import java.util.List;

/** How much y grows for each x: the line through points with the least squares. */
public final class Slope {
    private final List<double[]> points = new ArrayList<>();

    public void add(double x, double y) {
        points.add(new double[] {x, y});
    }

    /** Of two different x at least. */
    public double perUnit() {
        double meanX = points.stream().mapToDouble(point -> point[0]).average().orElseThrow();
        double meanY = points.stream().mapToDouble(point -> point[1]).average().orElseThrow();
        double above = 0;
        double below = 0;
        for (double[] point : points) {
            above += (point[0] - meanX) * (point[1] - meanY);
            below += (point[0] - meanX) * (point[0] - meanX);
        }
        if (below == 0) {
            throw new IllegalStateException("points at one x only");
        }
        return above / below;
    }
}
