package io.longline.bench.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A result with where and how it was made, for people and for programs.
 *
 * @param command that makes it again
 */
public record Report(Result result, String command, Map<String, String> machine) {

    /** As text. */
    public void print(PrintWriter out) {
        for (Table table : result.tables()) {
            out.println();
            out.println(table.title());
            print(table, out);
        }
        out.println();
        result.findings().forEach(out::println);
        result.faults().forEach(fault -> out.println("FAILED: " + fault));
        out.flush();
    }

    private static void print(Table table, PrintWriter out) {
        int columns = table.columns().size();
        int[] widths = new int[columns];
        for (int i = 0; i < columns; i++) {
            widths[i] = table.columns().get(i).length();
            for (List<Object> row : table.rows()) {
                widths[i] = Math.max(widths[i], Table.text(row.get(i)).length());
            }
        }
        out.println(line(table.columns(), widths));
        table.rows()
                .forEach(row -> out.println(line(row.stream().map(Table::text).toList(), widths)));
    }

    /** Words to the left, numbers to the right: the first column names the row. */
    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? "  " + cells.get(i) + padding : "  " + padding + cells.get(i));
        }
        return line.toString();
    }

    public ObjectNode json() {
        ObjectNode json = Json.object().put("scenario", result.scenario()).put("command", command);
        json.put("good", result.isGood());
        ObjectNode facts = json.putObject("machine");
        machine.forEach(facts::put);
        ArrayNode findings = json.putArray("findings");
        result.findings().forEach(findings::add);
        ObjectNode figures = json.putObject("figures");
        result.figures().forEach(figures::put);
        ArrayNode faults = json.putArray("faults");
        result.faults().forEach(faults::add);
        ArrayNode tables = json.putArray("tables");
        result.tables().forEach(table -> put(table, tables.addObject()));
        return json;
    }

    private static void put(Table table, ObjectNode json) {
        json.put("title", table.title());
        ArrayNode rows = json.putArray("rows");
        for (List<Object> row : table.rows()) {
            ObjectNode values = rows.addObject();
            for (int i = 0; i < row.size(); i++) {
                values.putPOJO(key(table.columns().get(i)), row.get(i));
            }
        }
    }

    private static String key(String column) {
        return column.toLowerCase(Locale.ROOT).replace("%", "percent").replaceAll("[^a-z0-9.]+", "_");
    }
}
