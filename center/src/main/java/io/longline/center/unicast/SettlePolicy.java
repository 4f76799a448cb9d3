package io.longline.center.unicast;

import io.longline.center.result.Status;
import org.jspecify.annotations.Nullable;

/** What the outcome of a hint means for the copy that was hinted at. */
final class SettlePolicy {

    private SettlePolicy() {}

    /**
     * @param reason of {@link Status#DROPPED}
     * @param tell whether saver hears of it; if not, the endpoint stays unsent and the sweep tries again
     */
    record Verdict(Status status, @Nullable String reason, boolean tell) {

        private static Verdict of(Status status) {
            return new Verdict(status, null, true);
        }

        private static Verdict dropped(String reason) {
            return new Verdict(Status.DROPPED, reason, true);
        }
    }

    /** Of a stored copy that may wait. */
    static Verdict ofStored(UnicastOutcome outcome) {
        return switch (outcome) {
            case UnicastOutcome.Written() -> Verdict.of(Status.WRITTEN);
            case UnicastOutcome.Waiting(), UnicastOutcome.Offline() -> Verdict.of(Status.STORED);
            // A room refuses what may wait only when its time is over.
            case UnicastOutcome.Refused(String reason) -> Verdict.of(Status.EXPIRED);
            case UnicastOutcome.Stale(), UnicastOutcome.Unknown() -> new Verdict(Status.STORED, null, false);
            case UnicastOutcome.Unlocated unlocated -> new Verdict(Status.STORED, null, false);
        };
    }

    /** Of a copy that goes out now or never: stored with a time to live of 0, or QoS 0. */
    static Verdict ofNowOrNever(UnicastOutcome outcome) {
        return switch (outcome) {
            case UnicastOutcome.Written() -> Verdict.of(Status.WRITTEN);
            case UnicastOutcome.Offline(), UnicastOutcome.Stale() -> Verdict.dropped("offline");
            case UnicastOutcome.Waiting() -> Verdict.dropped("not_writable");
            case UnicastOutcome.Refused(String reason) -> Verdict.dropped(reason.isEmpty() ? "not_writable" : reason);
            case UnicastOutcome.Unknown() -> Verdict.dropped("no_answer");
            case UnicastOutcome.Unlocated unlocated -> Verdict.dropped("no_answer");
        };
    }
}
