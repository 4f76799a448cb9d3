package io.longline.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Figures. A column's name says the unit.
 *
 * @param rows each with a value a column: a {@link String}, {@link Long}, {@link Integer} or {@link Double}
 */
public record Table(String title, List<String> columns, List<List<Object>> rows) {

    public Table {
        columns = List.copyOf(columns);
        rows = new ArrayList<>(rows);
    }

    public static Table of(String title, String... columns) {
        return new Table(title, List.of(columns), List.of());
    }

    /** Adds a row. */
    public void add(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns);
        }
        rows.add(List.of(values));
    }

    /** As people read it: three digits that count, or all before the point. */
    static String text(Object value) {
        if (!(value instanceof Double number)) {
            return value instanceof String text ? text : "%,d".formatted(((Number) value).longValue());
        }
        double size = Math.abs(number);
        if (size >= 100 || size == 0) {
            return "%,.0f".formatted(number);
        }
        return size >= 10 ? "%.1f".formatted(number) : "%.2f".formatted(number);
    }
}
