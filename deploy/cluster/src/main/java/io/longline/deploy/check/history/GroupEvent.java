package io.longline.deploy.check.history;

import java.util.List;
import java.util.Set;

/** What a consumer of a group does. */
public sealed interface GroupEvent extends CallEvent {
    PullGroup group();

    /** An uplink, and until when it is this consumer's alone. */
    record Lent(String leaseId, Notice uplink) {}

    /**
     * What it got.
     *
     * @param leaseNanos how long it has from some moment between the two
     */
    record Pulled(long at, PullGroup group, long begunAt, long leaseNanos, List<Lent> lent) implements GroupEvent {

        public Pulled {
            lent = List.copyOf(lent);
        }
    }

    /** It is about to finish them, or to give them back. */
    record SettleBegun(long at, PullGroup group, Set<String> leaseIds, boolean finish) implements GroupEvent {

        public SettleBegun {
            leaseIds = Set.copyOf(leaseIds);
        }
    }

    /** These are finished. */
    record Finished(long at, PullGroup group, Set<String> leaseIds) implements GroupEvent {

        public Finished {
            leaseIds = Set.copyOf(leaseIds);
        }
    }
}
