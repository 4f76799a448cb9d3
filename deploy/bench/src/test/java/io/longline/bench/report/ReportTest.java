package io.longline.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Result result = new Result("idle");
    private final Report report = new Report(result, "deploy/longline bench idle", Map.of("cores", "2"));

    @BeforeEach
    void fill() {
        Table table = Table.of("A session", "wire", "sessions", "pss B");
        table.add("native", 18_000, 412.34);
        table.add("web", 18_000, 9.876);
        result.add(table);
        Plot.Pen pen = new Plot.Pen("native");
        pen.to(1_000, 1.5);
        pen.to(2_000, 2.5);
        result.add(new Plot("Memory", "sessions", "MiB", List.of(pen.line())));
        result.found("native: 412 B </script>");
    }

    @Test
    void asTextItIsATable() {
        StringWriter text = new StringWriter();

        report.print(new PrintWriter(text));

        assertThat(text.toString().lines())
                .contains(
                        "A session",
                        "  wire    sessions  pss B",
                        "  native    18,000    412",
                        "  web       18,000   9.88",
                        "native: 412 B </script>");
    }

    @Test
    void asJsonItHasTheFiguresAsTheyAre() {
        assertThat(report.json().path("good").asBoolean()).isTrue();
        assertThat(report.json().at("/tables/0/rows/0/pss_b").asDouble()).isEqualTo(412.34);
        assertThat(report.json().at("/machine/cores").asText()).isEqualTo("2");
    }

    @Test
    void aFaultMakesItBad() {
        result.failed("3 messages did not arrive");

        assertThat(report.json().path("good").asBoolean()).isFalse();
        assertThat(report.json().at("/faults/0").asText()).isEqualTo("3 messages did not arrive");
    }

    @Test
    void asAPageItHasAllOfItInOneFile() {
        String page = HtmlReport.of(report);

        assertThat(page)
                .contains("\"lines\":[{\"name\":\"native\",\"points\":[{\"x\":1000.0,\"y\":1.5}")
                .contains("<\\/script>\"]")
                .contains("Chart.js v4")
                .doesNotContain("src=\"http");
    }
}
