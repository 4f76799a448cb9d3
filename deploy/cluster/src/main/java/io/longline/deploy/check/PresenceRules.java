package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Notice;
import io.longline.deploy.check.history.PresenceEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who comes and goes, as back ends are told (promise 12): in order of generations, and in the end as it is. */
final class PresenceRules {
    /** What has been so for this long, without a fault, is told: leases, debounce, and how long a room keeps who dropped. */
    private static final long TOLD_WITHIN = TimeUnit.SECONDS.toNanos(60);

    private final FaultLog faults;
    private final Findings findings;
    private final Accounts accounts;
    private final Side callback = new Side("its callback");
    private final Side log = new Side("the log");
    private final Map<String, Long> lastId = new HashMap<>();
    private final Map<String, PresenceEvent.Snapshot> snapshots = new HashMap<>();
    private final Set<String> products = new HashSet<>();

    /** When Redis last lost events that a log had. */
    private long lostAt = -1;

    /** One way in which events are told. */
    private static final class Side {
        private final String name;
        private final Map<EndpointId, Last> last = new HashMap<>();

        private Side(String name) {
            this.name = name;
        }
    }

    /** What was told last of an endpoint. */
    private static final class Last {
        private long generation;
        private boolean online;
        private long at;

        /** Redis may have lost that it was told. */
        private boolean mayBeLost;
    }

    PresenceRules(FaultLog faults, Findings findings, Accounts accounts) {
        this.faults = faults;
        this.findings = findings;
        this.accounts = accounts;
    }

    /** A product's callback is told from now on. */
    void serves(String product) {
        products.add(product);
    }

    // ---- what is told ----

    /** An event that was not told before. */
    void told(Notice notice, long at) {
        next(callback, notice.endpoint(), notice.type(), notice.generation(), at);
    }

    void accept(PresenceEvent event) {
        switch (event) {
            case PresenceEvent.Read read -> read(read);
            case PresenceEvent.Snapshot snapshot -> snapshots.put(snapshot.product(), snapshot);
        }
    }

    private void read(PresenceEvent.Read event) {
        if (event.gap() && event.after() > 0 && lostAt < 0) {
            findings.add(12, "a gap in the log of " + event.product() + ", which nothing was lost of", event.at());
        }
        long before = event.after();
        for (PresenceEvent.Entry entry : event.entries()) {
            if (entry.id() <= before) {
                findings.add(12, "id " + entry.id() + " stands behind " + before + " in the log", event.at());
            }
            before = entry.id();
            if (entry.id() > lastId.getOrDefault(event.product(), 0L)) {
                lastId.put(event.product(), entry.id());
                next(log, entry.endpoint(), entry.type(), entry.generation(), event.at());
            }
        }
    }

    private void next(Side side, EndpointId id, String type, long generation, long at) {
        Last last = side.last.computeIfAbsent(id, _ -> new Last());
        if (generation < last.generation && !last.mayBeLost) {
            String what = side.name + " is told " + type + " of generation " + generation + " after " + last.generation;
            findings.add(12, what, at, null, endpoint(id));
        }
        last.generation = generation;
        last.online = type.equals(Notice.ONLINE);
        last.at = at;
        last.mayBeLost = faults.isRedisLost();
    }

    private EndpointCase endpoint(EndpointId id) {
        return accounts.of(id.product(), id.user()).endpoint(id.device());
    }

    /** @param since what was told before that is persisted, unless all is lost */
    void redisWasLost(boolean all, long since, long at) {
        for (Side side : List.of(callback, log)) {
            side.last.values().forEach(last -> last.mayBeLost |= all || last.at >= since);
        }
        lostAt = at;
    }

    // ---- what is so ----

    /** Whether an endpoint has been online, or offline, for so long; null where one cannot know. */
    private @Nullable Boolean isOnline(EndpointCase endpoint, long since) {
        SessionCase newest = endpoint.sessions().reduce((_, later) -> later).orElse(null);
        if (newest == null) {
            return null;
        }
        if (newest.isLive() && newest.boundAt < since) {
            return true;
        }
        boolean gone = !newest.session.sdk()
                && endpoint.lastEnd() < since
                && endpoint.sessions().noneMatch(SessionCase::isOpen);
        return gone ? false : null;
    }

    private interface Disagreement {
        void found(EndpointCase endpoint, String what);
    }

    private void compare(long since, Disagreement disagreement) {
        for (Account account : accounts.all().toList()) {
            if (products.contains(account.product())) {
                for (EndpointCase endpoint : new ArrayList<>(account.endpoints())) {
                    Boolean online = isOnline(endpoint, since);
                    if (online != null) {
                        compare(endpoint, online, since, disagreement);
                    }
                }
            }
        }
    }

    private void compare(EndpointCase endpoint, boolean online, long since, Disagreement disagreement) {
        String is = online ? "is online" : "is offline";
        boolean excused = false;
        for (Side side : List.of(callback, log)) {
            Last last = side.last.get(endpoint.id);
            boolean said = last != null && last.online;
            excused |= last != null && last.mayBeLost && !online;
            boolean knows = side == callback || lastId.containsKey(endpoint.id.product());
            if (knows && said != online && !excused) {
                String told = last == null ? "nothing" : last.online ? "online" : "offline";
                disagreement.found(endpoint, is + ", and " + side.name + " was told " + told + " last");
            }
        }
        PresenceEvent.Snapshot snapshot = snapshots.get(endpoint.id.product());
        if (snapshot != null
                && Boolean.valueOf(online).equals(isOnline(endpoint, Math.min(since, snapshot.begunAt() - TOLD_WITHIN)))
                && snapshot.online().contains(endpoint.id) != online
                && !excused) {
            disagreement.found(endpoint, is + ", and the snapshot says otherwise");
        }
    }

    /** Of how many endpoints what was told last is not what is so now. */
    long countUntold(long now) {
        long[] count = {0};
        compare(now, (_, _) -> count[0]++);
        return count[0];
    }

    void finish(long now) {
        if (faults.calmSince() < now - TOLD_WITHIN) {
            compare(now - TOLD_WITHIN, (endpoint, what) -> findings.add(12, what, now, null, endpoint));
        }
    }
}
