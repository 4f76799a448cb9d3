package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdCounts;
import io.longline.bench.report.Result;

/** What may never be. */
final class Loss {
    private Loss() {}

    static void check(Result result, String where, CrowdCounts counts, long missing) {
        if (missing > 0) {
            result.failed("%s: %d messages did not arrive".formatted(where, missing));
        }
        if (missing < 0) {
            result.failed("%s: %d messages more than were sent".formatted(where, -missing));
        }
        if (counts.doubled() > 0) {
            result.failed("%s: %d messages came twice".formatted(where, counts.doubled()));
        }
    }
}
