package io.longline.bench.failure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bench.rig.PacedPushes.Answers;
import io.longline.keeper.http.Json;
import java.io.PrintWriter;
import java.util.List;

/** The figures of {@link Commits}, for people and for programs. Times in milliseconds, from when a push was due to its answer. */
public final class CommitsReport {
    private CommitsReport() {}

    public static void print(List<CommitsRow> rows, PrintWriter out) {
        out.println();
        out.println("%8s | %10s %10s %10s %8s | %10s %10s %8s"
                .formatted("delay", "redis p50", "p99", "max", "refused", "mysql p50", "p99", "refused"));
        rows.forEach(row -> out.println(line(row)));
        out.printf(
                "median p99 of redis: %.1f ms without, %.1f ms with the delay%n",
                medianP99(rows, false), medianP99(rows, true));
    }

    static String line(CommitsRow row) {
        return "%8d | %10.1f %10.1f %10.1f %8d | %10.1f %10.1f %8d"
                .formatted(
                        row.delay().toMillis(),
                        row.redis().millis(50),
                        row.redis().millis(99),
                        row.redis().millis(100),
                        row.redis().refused(),
                        row.mysql().millis(50),
                        row.mysql().millis(99),
                        row.mysql().refused());
    }

    private static double medianP99(List<CommitsRow> rows, boolean delayed) {
        double[] sorted = rows.stream()
                .filter(row -> row.delay().isZero() != delayed)
                .mapToDouble(row -> row.redis().millis(99))
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    public static ObjectNode json(List<CommitsRow> rows) {
        ObjectNode json = Json.object().put("scenario", "commits");
        ArrayNode stretches = json.putArray("stretches");
        for (CommitsRow row : rows) {
            ObjectNode stretch =
                    stretches.addObject().put("delay_ms", row.delay().toMillis());
            put(stretch.putObject("redis"), row.redis());
            put(stretch.putObject("mysql"), row.mysql());
        }
        return json;
    }

    private static void put(ObjectNode node, Answers answers) {
        node.put("answered", answers.micros().getTotalCount())
                .put("refused", answers.refused())
                .put("p50_ms", answers.millis(50))
                .put("p99_ms", answers.millis(99))
                .put("max_ms", answers.millis(100));
    }
}
