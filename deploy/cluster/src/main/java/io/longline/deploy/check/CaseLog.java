package io.longline.deploy.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The log of one topic of one product: the messages in it that are not finally judged, and that each has an offset of its own. */
abstract sealed class CaseLog<C extends LogCase> permits BroadcastLog, TopicLog {
    final Findings findings;
    private final Map<Integer, C> cases = new HashMap<>();
    private final Map<Long, Integer> byOffset = new HashMap<>();
    private long highest;

    CaseLog(Findings findings) {
        this.findings = findings;
    }

    /** One that is sent for the first time. */
    final void begin(C one) {
        cases.put(one.number(), one);
    }

    /** Null where it is unknown, or was finally judged. */
    final @Nullable C find(int number) {
        return cases.get(number);
    }

    final List<C> cases() {
        return new ArrayList<>(cases.values());
    }

    /** The highest offset that anybody told. */
    final long highest() {
        return highest;
    }

    final void told(long offset) {
        highest = Math.max(highest, offset);
    }

    /** A message has this offset: somebody told it, or it came with it. */
    void assign(C one, long offset, long at, @Nullable EndpointCase endpoint) {
        if (one.offset == offset) {
            return;
        }
        if (one.offset > 0 && !one.mayChange) {
            String what = "published twice, with offset " + one.offset + " and " + offset;
            findings.add(8, what, at, one, endpoint);
            one.mayChange = true; // said once; what else is wrong with it follows from this
        }
        one.offset = offset;
        if (offset <= one.floor) {
            String what = "offset " + offset + " is not above " + one.floor
                    + ", which was told of this topic before it was first sent";
            findings.add(2, what, at, one, endpoint);
        }
        Integer other = byOffset.putIfAbsent(offset, one.number());
        if (other != null && other != one.number()) {
            findings.add(3, "offset " + offset + " was given to message " + other + " before", at, one, endpoint);
        }
    }

    /** What was finally judged needs not be remembered. */
    final void forget(C one) {
        cases.remove(one.number());
        byOffset.remove(one.offset, one.number());
    }
}
