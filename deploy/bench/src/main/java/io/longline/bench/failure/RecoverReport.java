package io.longline.bench.failure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import java.io.PrintWriter;
import java.util.List;

/** The figures of {@link Recover}, for people and for programs. */
public final class RecoverReport {
    private static final String ROW = "%-14s %9s %16s %20s %10s";

    private RecoverReport() {}

    public static void print(List<Recovery> recoveries, PrintWriter out) {
        out.println();
        out.println(ROW.formatted("killed", "instances", "flows again", "longest answer gap", "refused"));
        recoveries.forEach(each -> out.println(line(each)));
        out.println();
    }

    static String line(Recovery each) {
        String again = each.isRecovered() ? each.flowsAgain().toMillis() + " ms" : "never";
        return ROW.formatted(
                each.part(), each.instances(), again, each.answerGap().toMillis() + " ms", each.refused());
    }

    public static ObjectNode json(List<Recovery> recoveries) {
        ObjectNode json = Json.object().put("scenario", "recover");
        ArrayNode rows = json.putArray("killed");
        for (Recovery each : recoveries) {
            ObjectNode row = rows.addObject().put("part", each.part()).put("instances", each.instances());
            if (each.isRecovered()) {
                row.put("flows_again_ms", each.flowsAgain().toMillis());
            }
            row.put("answer_gap_ms", each.answerGap().toMillis()).put("refused", each.refused());
        }
        return json;
    }
}
