package io.longline.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines over an axis.
 *
 * @param x what the axis is, with its unit; likewise y
 */
public record Plot(String title, String x, String y, List<Line> lines) {

    public Plot {
        lines = List.copyOf(lines);
    }

    /** Points in order of x. */
    public record Line(String name, List<Point> points) {

        public Line {
            points = List.copyOf(points);
        }
    }

    /** Of a line. */
    public record Point(double x, double y) {}

    /** Gathers the points of a line. */
    public static final class Pen {
        private final String name;
        private final List<Point> points = new ArrayList<>();

        public Pen(String name) {
            this.name = name;
        }

        public void to(double x, double y) {
            points.add(new Point(x, y));
        }

        public Line line() {
            return new Line(name, points);
        }
    }
}
