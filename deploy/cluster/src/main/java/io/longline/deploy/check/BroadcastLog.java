package io.longline.deploy.check;

import io.longline.deploy.check.history.BroadcastEvent;
import io.longline.deploy.check.history.EndpointId;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One topic of one product that everybody follows: the broadcasts in it that are not finally judged. */
final class BroadcastLog extends CaseLog<BroadcastCase> {
    private final String product;
    private final FaultLog faults;
    private final Accounts accounts;
    private final Map<EndpointId, Long> handed = new HashMap<>();

    BroadcastLog(String product, FaultLog faults, Findings findings, Accounts accounts) {
        super(findings);
        this.product = product;
        this.faults = faults;
        this.accounts = accounts;
    }

    /** One that is sent for the first time. */
    void begin(BroadcastEvent.SendBegun event) {
        begin(new BroadcastCase(event.send(), event.at(), highest()));
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

    /** Not yet, where it is 0. */
    @Override
    void assign(BroadcastCase broadcast, long offset, long at, @Nullable EndpointCase endpoint) {
        if (offset > 0) {
            told(offset);
            super.assign(broadcast, offset, at, endpoint);
        }
    }

    /** It is done: whatever was taken before it was sent, and is done without ever having rested, began before it. */
    void done(BroadcastCase broadcast, long at) {
        cases().stream().filter(other -> isInTurn(other) && isInTurn(broadcast)).forEach(other -> {
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
}
