package io.longline.deploy.check;

import io.longline.deploy.check.history.BroadcastEvent;
import io.longline.deploy.check.history.EndpointId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One topic of one product that everybody follows: the broadcasts in it that are not finally judged. */
final class BroadcastLog {
    private final String product;
    private final FaultLog faults;
    private final Findings findings;
    private final Accounts accounts;
    private final Map<Integer, BroadcastCase> broadcasts = new HashMap<>();
    private final Map<Long, Integer> byOffset = new HashMap<>();
    private final Map<EndpointId, Long> handed = new HashMap<>();
    private long highest;

    BroadcastLog(String product, FaultLog faults, Findings findings, Accounts accounts) {
        this.product = product;
        this.faults = faults;
        this.findings = findings;
        this.accounts = accounts;
    }

    /** One that is sent for the first time. */
    void begin(BroadcastEvent.SendBegun event) {
        broadcasts.put(event.send().number(), new BroadcastCase(event.send(), event.at(), highest));
    }

    /** Null where it is unknown, or was finally judged. */
    @Nullable
    BroadcastCase broadcast(int number) {
        return broadcasts.get(number);
    }

    List<BroadcastCase> broadcasts() {
        return new ArrayList<>(broadcasts.values());
    }

    /** The SDK hands an offset to its app; answers the highest one before. */
    long handed(EndpointId endpoint, long offset) {
        long before = handed.getOrDefault(endpoint, 0L);
        handed.put(endpoint, Math.max(before, offset));
        return before;
    }

    /** An endpoint to which a broadcast is owed. */
    record Owed(BroadcastCase broadcast, EndpointCase endpoint) {}

    Stream<Owed> owed(BroadcastCase broadcast, long now) {
        return accounts.ofProduct(product).stream()
                .flatMap(account -> account.endpoints().stream())
                .filter(endpoint -> broadcast.isOwed(endpoint, faults, now))
                .map(endpoint -> new Owed(broadcast, endpoint));
    }

    /** A broadcast has this offset: somebody told it, or it came with it. */
    void assign(BroadcastCase broadcast, long offset, long at, @Nullable EndpointCase endpoint) {
        if (offset == 0 || broadcast.offset == offset) {
            return;
        }
        highest = Math.max(highest, offset);
        if (broadcast.offset > 0 && !broadcast.mayChange) {
            String what = "published twice, with offset " + broadcast.offset + " and " + offset;
            findings.add(8, what, at, broadcast, endpoint);
            broadcast.mayChange = true; // said once; what else is wrong with it follows from this
        }
        broadcast.offset = offset;
        if (offset <= broadcast.floor) {
            String what = "offset " + offset + " is not above " + broadcast.floor
                    + ", which was told of this topic before it was first sent";
            findings.add(2, what, at, broadcast, endpoint);
        }
        Integer other = byOffset.putIfAbsent(offset, broadcast.number());
        if (other != null && other != broadcast.number()) {
            findings.add(3, "offset " + offset + " was given to message " + other + " before", at, broadcast, endpoint);
        }
    }

    /** It is done: whatever was taken before it was sent, and is done without ever having rested, began before it. */
    void done(BroadcastCase broadcast, long at) {
        broadcasts.values().stream()
                .filter(other -> isInTurn(other) && isInTurn(broadcast))
                .forEach(other -> {
                    inTurn(other, broadcast, at);
                    inTurn(broadcast, other, at);
                });
    }

    private static boolean isInTurn(BroadcastCase broadcast) {
        return broadcast.isDone() && !broadcast.everRested && !broadcast.mayChange && broadcast.offset > 0;
    }

    private void inTurn(BroadcastCase earlier, BroadcastCase later, long at) {
        boolean before = earlier.isAnswered() && earlier.successAt < later.firstBegun();
        if (before && earlier.offset > later.offset) {
            String what = "began before message " + earlier.number() + ", which was taken before it was sent";
            findings.add(10, what, at, later, null);
        }
    }

    /** What was finally judged needs not be remembered. */
    void forget(BroadcastCase broadcast) {
        broadcasts.remove(broadcast.number());
        byOffset.remove(broadcast.offset, broadcast.number());
    }
}
