package io.longline.deploy.check.run;

import io.longline.deploy.check.Violation;
import io.longline.deploy.check.client.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What came of a run.
 *
 * @param violations at most the first thousand
 * @param broken how often each promise was broken in all
 */
public record RunReport(
        long seed, Duration took, long events, Tally tally, List<Violation> violations, Map<Integer, Long> broken) {

    public RunReport {
        violations = List.copyOf(violations);
        broken = Map.copyOf(broken);
    }

    public boolean isGood() {
        return broken.isEmpty();
    }

    /** Counts, latencies, and each violation with its history. */
    public String text() {
        StringJoiner text = new StringJoiner("\n");
        text.add("seed " + seed + ", " + took.toSeconds() + " s, " + events + " events");
        tally.counts().forEach((what, count) -> text.add(String.format(Locale.ROOT, "%10d  %s", count, what)));
        text.add(String.format(
                Locale.ROOT,
                "answers of success: p50 %.1f ms, p99 %.1f ms, slowest %d ms",
                tally.percentileMs(0.5),
                tally.percentileMs(0.99),
                tally.slowestMs()));
        violations.forEach(violation -> text.add(violation.toString()));
        text.add(isGood() ? "no promise was broken" : "PROMISES BROKEN, how often by number: " + broken);
        return text.toString();
    }
}
