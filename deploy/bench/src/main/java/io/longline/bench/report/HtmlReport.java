package io.longline.bench.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A report as one page that needs nothing else, with its plots. */
public final class HtmlReport {
    private static final String PAGE = "/io/longline/bench/report/page.html";
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.js";

    private HtmlReport() {}

    /** The page. */
    public static String of(Report report) {
        String data = new String(Json.bytes(data(report)), StandardCharsets.UTF_8).replace("</", "<\\/");
        return resource(PAGE)
                .replace("/*REPORT*/", data)
                .replace("/*CHARTS*/", resource(CHARTS).replace("</script", "<\\/script"));
    }

    private static ObjectNode data(Report report) {
        ObjectNode json = report.json();
        ArrayNode tables = json.putArray("tables");
        report.result().tables().forEach(table -> put(table, tables.addObject()));
        ArrayNode plots = json.putArray("plots");
        report.result().plots().forEach(plot -> put(plot, plots.addObject()));
        return json;
    }

    private static void put(Table table, ObjectNode json) {
        json.put("title", table.title());
        ArrayNode columns = json.putArray("columns");
        table.columns().forEach(columns::add);
        ArrayNode cells = json.putArray("cells");
        table.rows().forEach(row -> {
            ArrayNode line = cells.addArray();
            row.forEach(value -> line.add(Table.text(value)));
        });
    }

    private static void put(Plot plot, ObjectNode json) {
        json.put("title", plot.title()).put("x", plot.x()).put("y", plot.y());
        ArrayNode lines = json.putArray("lines");
        for (Plot.Line line : plot.lines()) {
            ObjectNode drawn = lines.addObject().put("name", line.name());
            ArrayNode points = drawn.putArray("points");
            line.points()
                    .forEach(point -> points.addObject().put("x", point.x()).put("y", point.y()));
        }
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
