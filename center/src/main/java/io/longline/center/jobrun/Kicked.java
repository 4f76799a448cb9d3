package io.longline.center.jobrun;

import io.longline.center.job.Progress;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** What became of some users of a job that were kicked together. Used by one thread. */
final class Kicked {
    private final Map<String, Long> skipped = new HashMap<>();
    private long users;
    private long sessions;

    /** @param ended sessions; empty: the user was never seen */
    void answered(OptionalInt ended) {
        if (ended.isEmpty()) {
            skip("unknown");
        } else {
            users++;
            sessions += ended.getAsInt();
        }
    }

    void failed() {
        skip("failed");
    }

    private void skip(String reason) {
        skipped.merge(reason, 1L, Long::sum);
    }

    Progress progress() {
        long others = skipped.values().stream().mapToLong(Long::longValue).sum();
        return new Progress(users + others, users, sessions, skipped);
    }
}
