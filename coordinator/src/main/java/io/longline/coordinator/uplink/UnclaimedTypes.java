package io.longline.coordinator.uplink;

import io.longline.coordinator.group.GroupRegistry;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which types may be kept though no callback is there for them; what the registry said is remembered for a while. From any thread. */
final class UnclaimedTypes {
    private static final int MOST = 10_000;
    private static final Duration ADMITTED = Duration.ofMinutes(10);
    private static final Duration REFUSED = Duration.ofSeconds(2);

    private final GroupRegistry registry;
    private final int mostOfProduct;
    private final Map<Type, Verdict> known = new ConcurrentHashMap<>();

    private record Type(String product, String name) {}

    private record Verdict(boolean admitted, long atNanos) {
        boolean holds() {
            return System.nanoTime() - atNanos < (admitted ? ADMITTED : REFUSED).toNanos();
        }
    }

    UnclaimedTypes(GroupRegistry registry, int mostOfProduct) {
        this.registry = registry;
        this.mostOfProduct = mostOfProduct;
    }

    /** Waits. */
    boolean admits(String product, String type, Deadline deadline) {
        Type asked = new Type(product, type);
        Verdict last = known.get(asked);
        if (last != null && last.holds()) {
            return last.admitted;
        }
        boolean admitted = registry.admit(product, type, mostOfProduct, deadline);
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(asked, new Verdict(admitted, System.nanoTime()));
        return admitted;
    }
}
