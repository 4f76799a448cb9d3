package io.longline.bench.report;

import io.longline.bench.measure.Median;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Several runs of one scenario, each on a cluster of its own: their figures side by side, and how far they lie from their median. */
public final class Repeated {
    private Repeated() {}

    /** As one result, with the tables and plots of the last run. Fails if one of them did. */
    public static Result of(List<Result> runs) {
        Result last = runs.getLast();
        Result all = new Result(last.scenario());
        Table table = new Table("Figures of " + runs.size() + " runs", columns(runs.size()), List.of());
        for (String figure : last.figures().keySet()) {
            List<Double> values = runs.stream()
                    .map(run -> run.figures().get(figure))
                    .flatMap(Stream::ofNullable)
                    .toList();
            if (values.size() == runs.size()) {
                add(all, table, figure, values);
            }
        }
        all.add(table);
        last.tables().forEach(all::add);
        last.plots().forEach(all::add);
        for (int i = 0; i < runs.size(); i++) {
            for (String fault : runs.get(i).faults()) {
                all.failed("run " + (i + 1) + ": " + fault);
            }
        }
        return all;
    }

    private static List<String> columns(int runs) {
        List<String> columns = new ArrayList<>();
        columns.add("figure");
        for (int i = 1; i <= runs; i++) {
            columns.add("run " + i);
        }
        columns.add("median");
        columns.add("farthest from it %");
        return columns;
    }

    private static void add(Result all, Table table, String figure, List<Double> values) {
        double median = Median.of(values);
        double farthest = farthestPercent(values, median);
        List<Object> row = new ArrayList<>();
        row.add(figure);
        row.addAll(values);
        row.add(median);
        row.add(farthest);
        table.add(row.toArray());
        all.figure(figure, median);
        all.found("%s: median %s of %d runs, the farthest %.0f %% from it"
                .formatted(figure, Table.text(median), values.size(), farthest));
    }

    /** 0 where all are alike. */
    static double farthestPercent(List<Double> values, double median) {
        double farthest = values.stream()
                .mapToDouble(value -> Math.abs(value - median))
                .max()
                .orElse(0);
        return farthest == 0 ? 0 : 100 * farthest / Math.abs(median);
    }
}
