package io.longline.center.jobrun;

import io.longline.center.job.Progress;
import io.longline.center.push.Target;
import io.longline.center.unicast.TargetAnswer;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Some targets of a job that are sent together, until each is dealt with. Used by one thread. */
final class Slice {
    private final int targets;
    private final Map<String, Long> skipped = new HashMap<>();
    private final List<Refused> refused = new ArrayList<>();
    private List<Target> left;
    /** Whom a user's limit lets it be sent to; that is counted once, however often it is tried. */
    private final Set<Target> admitted = new HashSet<>();

    private boolean paid;
    private long sent;
    private long copies;
    /** What is there already may have been stored by a try before this one, of which nobody heard. */
    private boolean again;

    private @Nullable LonglineException failure;

    /** That one gets no copy for certain, and for this reason. */
    record Refused(Target target, String reason) {}

    /**
     * None of them is dealt with.
     *
     * @param again who had the job before may have sent it to these, and counted that at their users' limits
     */
    Slice(List<Target> targets, boolean again) {
        this.targets = targets.size();
        this.left = List.copyOf(targets);
        this.again = again;
        if (again) {
            admitted.addAll(targets);
        }
    }

    /** Whether they are counted at their product's limits. */
    boolean isPaid() {
        return paid;
    }

    void paid() {
        paid = true;
    }

    /** Those that are left and not counted at their users' limits. */
    List<Target> unadmitted() {
        return left.stream().filter(target -> !admitted.contains(target)).toList();
    }

    void admitted(Collection<Target> some) {
        admitted.addAll(some);
    }

    /** Those that are not dealt with. */
    List<Target> left() {
        return left;
    }

    /** Why they are not. */
    Optional<LonglineException> failure() {
        return Optional.ofNullable(failure);
    }

    /** What became of those that were left, in their order; those that failed for a while are left. */
    void tried(List<TargetAnswer> answers) {
        List<Target> open = new ArrayList<>();
        for (TargetAnswer answer : answers) {
            LonglineException error = answer.error();
            if (error == null) {
                stored(answer);
            } else if (error.code() == ErrorCode.USER_RATE_EXCEEDED) {
                refuse(answer.target(), "user_rate");
            } else if (error.code() == ErrorCode.INBOX_FULL) {
                refuse(answer.target(), "inbox_full");
            } else if (error.code().retryable()) {
                failure = error;
                open.add(answer.target());
            } else {
                count("failed");
            }
        }
        left = List.copyOf(open);
        again = true;
    }

    /** A target that the list has twice gets one message, as an id is stored once. */
    private void stored(TargetAnswer answer) {
        if (answer.fresh() == 0 && !again) {
            count("doubled"); // it has a copy
            return;
        }
        sent++;
        copies += again
                ? answer.results().stream()
                        .filter(copy -> !copy.isWithoutCopy())
                        .count()
                : answer.fresh();
    }

    private void refuse(Target target, String reason) {
        count(reason);
        refused.add(new Refused(target, reason));
    }

    private void count(String reason) {
        skipped.merge(reason, 1L, Long::sum);
    }

    /** Those that are left never will be. Some may have a copy of which nobody heard. */
    void giveUp(String reason) {
        left.forEach(_ -> count(reason));
        left = List.of();
    }

    /** Those of whom it is certain that they get no copy; of others nobody knows, or the copy itself tells. */
    List<Refused> refused() {
        return refused;
    }

    Progress progress() {
        return new Progress(targets, sent, copies, skipped);
    }
}
