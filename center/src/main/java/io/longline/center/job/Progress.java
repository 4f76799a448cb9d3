package io.longline.center.job;

import java.util.Map;
import java.util.TreeMap;

/**
 * How far a job has come.
 *
 * @param done targets, from the beginning of the list, that are dealt with
 * @param sent of these those it is stored for
 * @param copies in how many inboxes
 * @param skipped of these the others, by the reason
 */
public record Progress(long done, long sent, long copies, Map<String, Long> skipped) {

    public Progress {
        skipped = Map.copyOf(skipped);
    }

    public long skippedInAll() {
        return skipped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** With what came of the targets that follow. */
    public Progress plus(Progress next) {
        Map<String, Long> both = new TreeMap<>(skipped);
        next.skipped.forEach((reason, count) -> both.merge(reason, count, Long::sum));
        return new Progress(done + next.done, sent + next.sent, copies + next.copies, both);
    }
}
