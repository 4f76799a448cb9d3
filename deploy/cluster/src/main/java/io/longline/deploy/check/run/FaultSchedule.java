package io.longline.deploy.check.run;

import io.longline.deploy.check.run.PlannedFault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which faults strike a run, and in which order. The same for the same seed, size and parts. */
public final class FaultSchedule {
    /** Who calls whom, by the kinds of both; {@code outside} are back ends and clients. */
    private static final List<List<String>> CALLS = List.of(
            List.of("outside", "room"),
            List.of("outside", "center"),
            List.of("center", "saver"),
            List.of("center", "register"),
            List.of("center", "room"),
            List.of("room", "saver"),
            List.of("room", "register"),
            List.of("room", "coordinator"),
            List.of("center", "coordinator"),
            List.of("coordinator", "room"),
            List.of("coordinator", "saver"),
            List.of("coordinator", "register"),
            List.of("saver", "redis"),
            List.of("saver", "mysql"),
            List.of("saver", "zookeeper"),
            List.of("register", "redis"),
            List.of("register", "zookeeper"),
            List.of("register", "saver"),
            List.of("room", "zookeeper"),
            List.of("center", "zookeeper"),
            List.of("coordinator", "redis"),
            List.of("*", "redis"),
            List.of("*", "mysql"),
            List.of("*", "zookeeper"));

    private static final List<String> STORES = List.of("redis", "mysql", "zookeeper");

    private final Random random;
    private final RunSize size;
    private final List<String> parts;
    private final boolean cuts;

    /**
     * Creates one.
     *
     * @param parts the names of all parts, {@code room-1} and {@code redis} alike
     * @param cuts whether connections can be cut
     */
    public FaultSchedule(long seed, RunSize size, List<String> parts, boolean cuts) {
        this.random = new Random(seed ^ 0x5DEECE66DL);
        this.size = size;
        this.parts = List.copyOf(parts);
        this.cuts = cuts;
    }

    public List<PlannedFault> faults() {
        List<PlannedFault> faults = new ArrayList<>();
        for (int id = 1; id <= size.faults(); id++) {
            faults.add(fault(id));
        }
        return faults;
    }

    private PlannedFault fault(int id) {
        int kind = random.nextInt(100);
        Duration after = Duration.ofMillis(200 + random.nextInt(2_500));
        if (kind < 5) {
            return new PlannedFault(id, Kind.RESTART, part(), "", Duration.ZERO, after);
        }
        if (kind < 35) {
            return new PlannedFault(id, Kind.KILL, part(), "", Duration.ofMillis(random.nextInt(2_000)), after);
        }
        if (kind < 62 || (kind < 92 && !cuts)) {
            return new PlannedFault(id, Kind.STOP, part(), "", stop(), after);
        }
        if (kind < 92) {
            return cut(id, after);
        }
        if (kind < 96) {
            return new PlannedFault(id, Kind.SLOW_MYSQL, "mysql", "", stop(), after);
        }
        Kind loss = random.nextBoolean() ? Kind.EMPTY_REDIS : Kind.ROLL_BACK_REDIS;
        return new PlannedFault(id, loss, "redis", "", Duration.ZERO, after);
    }

    private String part() {
        boolean store = random.nextInt(10) < 3;
        List<String> candidates =
                parts.stream().filter(part -> STORES.contains(part) == store).toList();
        return any(candidates);
    }

    private Duration stop() {
        boolean longer = random.nextInt(20) == 0;
        return longer
                ? size.longStops()
                : Duration.ofMillis(500 + random.nextLong(size.stops().toMillis()));
    }

    private PlannedFault cut(int id, Duration after) {
        List<String> call = any(CALLS);
        Kind kind = any(List.of(Kind.BLACK_HOLE, Kind.RESET, Kind.LATENCY, Kind.BANDWIDTH));
        return new PlannedFault(id, kind, instance(call.get(0)), instance(call.get(1)), stop(), after);
    }

    private String instance(String kind) {
        List<String> candidates =
                parts.stream().filter(part -> part.startsWith(kind + "-")).toList();
        return candidates.isEmpty() ? kind : any(candidates);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
