package io.longline.center.unicast;

import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a push at one of its targets.
 *
 * @param results an entry an endpoint; none where it failed
 * @param error why nothing was sent there
 * @param fresh how many copies are stored there by this, and were not before
 */
public record TargetAnswer(
        Target target,
        List<EndpointResult> results,
        @Nullable LonglineException error,
        int fresh) {

    public TargetAnswer {
        results = List.copyOf(results);
    }

    static TargetAnswer of(Target target, List<EndpointResult> results) {
        return of(target, results, 0);
    }

    static TargetAnswer of(Target target, List<EndpointResult> results, int fresh) {
        return new TargetAnswer(target, results, null, fresh);
    }

    /** It is recalled, and is not sent there. */
    static TargetAnswer recalled(Target target) {
        String device = Objects.requireNonNullElse(target.device(), "");
        return of(target, List.of(EndpointResult.recalled(target.user(), device)));
    }

    static TargetAnswer failed(Target target, LonglineException error) {
        return new TargetAnswer(target, List.of(), error, 0);
    }

    /** Its results; its error is thrown. */
    List<EndpointResult> orThrow() {
        if (error != null) {
            throw error;
        }
        return results;
    }

    /**
     * What is recorded of a message, by its targets: a user's copies are that user's, where only some of its devices are targets each
     * has its own. What went to {@code default} may be at its heir by now, so a copy that is at none of the targets is the first one's
     * that has none. Targets without a copy have no results.
     */
    static List<TargetAnswer> ofRecord(List<Target> targets, List<EndpointResult> copies) {
        Map<String, Deque<EndpointResult>> ofUsers = new HashMap<>();
        copies.forEach(copy ->
                ofUsers.computeIfAbsent(copy.user(), _ -> new ArrayDeque<>()).add(copy));
        List<List<EndpointResult>> results = new ArrayList<>();
        for (Target target : targets) {
            List<EndpointResult> own = new ArrayList<>();
            Deque<EndpointResult> left = ofUsers.getOrDefault(target.user(), new ArrayDeque<>());
            left.removeIf(copy -> isAt(target, copy) && own.add(copy));
            results.add(own);
        }
        List<TargetAnswer> answers = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Deque<EndpointResult> left = ofUsers.getOrDefault(targets.get(i).user(), new ArrayDeque<>());
            if (results.get(i).isEmpty() && !left.isEmpty()) {
                results.get(i).add(left.removeFirst());
            }
            answers.add(of(targets.get(i), results.get(i)));
        }
        return answers;
    }

    private static boolean isAt(Target target, EndpointResult copy) {
        return target.device() == null || target.device().equals(copy.device());
    }
}
