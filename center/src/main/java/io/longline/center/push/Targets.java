package io.longline.center.push;

import io.longline.center.http.Fields;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the targets of a list, each by itself. None may be sent to twice, be it once as a user and once as that user's device. */
final class Targets {
    /** The entries of each user. */
    private final Map<String, List<Seen>> seen = new HashMap<>();

    private Targets() {}

    private record Seen(int at, Target target) {}

    /** In the order of the list. */
    static List<Multicast.Entry> read(List<Fields> list) {
        Targets targets = new Targets();
        List<Multicast.Entry> entries = new ArrayList<>();
        for (Fields fields : list) {
            entries.add(targets.read(entries.size(), fields));
        }
        return entries;
    }

    private Multicast.Entry read(int at, Fields fields) {
        Target target =
                new Target(fields.requiredId("user"), fields.id("device").orElse(null));
        try {
            fields.finish();
        } catch (LonglineException problem) {
            return new Multicast.Wrong(problem);
        }
        List<Seen> ofUser = seen.computeIfAbsent(target.user(), _ -> new ArrayList<>(1));
        for (Seen other : ofUser) {
            if (meet(other.target, target)) {
                return new Multicast.Wrong(LonglineException.invalid(
                        "targets[" + at + "]", "is the target of targets[" + other.at + "] again"));
            }
        }
        ofUser.add(new Seen(at, target));
        return new Multicast.Good(target);
    }

    /** Of one user. */
    private static boolean meet(Target one, Target other) {
        return one.device() == null || other.device() == null || one.device().equals(other.device());
    }
}
