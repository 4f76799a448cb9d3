package io.longline.saver.journal;

import io.longline.keeper.shard.Seqs;
import java.time.Duration;

/**
 * What of the journal Redis may be without. A seq begins with its time, by the clock of Redis; so does the version of a decision
 * about an heir.
 *
 * @param nowMs what has expired by then is not needed any more
 * @param keptFromSeq the id of what is below is not refused any more
 * @param missingFromSeq Redis has what is below, but perhaps not what became of it; 0: it may be without anything
 */
public record Extent(long nowMs, long keptFromSeq, long missingFromSeq) {
    private static final Duration IDS_KEPT = Duration.ofHours(24);
    /** A clock may be set back by so much without anything being missed. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

    /**
     * What may be missing at a time.
     *
     * @param wholeAtMs all that was done before that time is in Redis; 0: nobody knows
     */
    public static Extent of(long nowMs, long wholeAtMs) {
        long missingFrom = Math.max(0, wholeAtMs - CLOCK_STEP.toMillis());
        return new Extent(nowMs, Seqs.firstOf(nowMs - IDS_KEPT.toMillis()), Seqs.firstOf(missingFrom));
    }

    /** What ended before this time is not refused any more. */
    public long keptFromMs() {
        return Seqs.ms(keptFromSeq);
    }
}
