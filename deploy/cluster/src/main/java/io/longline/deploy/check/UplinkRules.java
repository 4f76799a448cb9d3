package io.longline.deploy.check;

import io.longline.deploy.check.history.EndpointId;
import io.longline.deploy.check.history.Event;
import io.longline.deploy.check.history.GroupEvent;
import io.longline.deploy.check.history.HookEvent;
import io.longline.deploy.check.history.Notice;
import io.longline.deploy.check.history.PullGroup;
import io.longline.deploy.check.history.Uplink;
import io.longline.deploy.check.history.UplinkEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What clients send: whoever is to get it gets it, whole, in order, and as one event (promise 11). */
final class UplinkRules {
    private static final Set<String> FOR_LATER = Set.of(
            "QUEUE_FULL", "OVERLOADED", "DEPENDENCY_DOWN", "USER_RATE_EXCEEDED", "PRODUCT_RATE_EXCEEDED", "DRAINING");

    private final Findings findings;
    private final Accounts accounts;
    private final GroupRules groups;
    private final Map<Line, TreeMap<Integer, UplinkCase>> lines = new HashMap<>();
    private final Map<Line, Long> lastTold = new HashMap<>();
    private final Set<String> served = new HashSet<>();
    private int highest = -1;

    /** What is ordered: of an endpoint, what is of one type. */
    private record Line(EndpointId endpoint, String type) {
        static Line of(Uplink uplink) {
            return new Line(uplink.endpoint(), uplink.type());
        }
    }

    UplinkRules(Findings findings, Accounts accounts, GroupRules groups) {
        this.findings = findings;
        this.accounts = accounts;
        this.groups = groups;
    }

    // ---- clients ----

    void accept(UplinkEvent event) {
        switch (event) {
            case UplinkEvent.Begun begun -> begin(begun).note(event);
            case UplinkEvent.Taken taken ->
                find(taken.uplink()).ifPresent(one -> {
                    one.note(event);
                    one.takenAt = one.takenAt < 0 ? taken.at() : one.takenAt;
                });
            case UplinkEvent.Refused refused ->
                find(refused.uplink()).ifPresent(one -> {
                    one.note(event);
                    if (!FOR_LATER.contains(refused.reason())) {
                        add("refused as " + refused.reason() + ", though nothing was wrong with it", refused.at(), one);
                    }
                });
            case UplinkEvent.Replied _ -> {}
        }
    }

    private UplinkCase begin(UplinkEvent.Begun event) {
        Uplink uplink = event.uplink();
        highest = Math.max(highest, uplink.number());
        return lines.computeIfAbsent(Line.of(uplink), _ -> new TreeMap<>())
                .computeIfAbsent(uplink.number(), _ -> new UplinkCase(uplink, event.at()));
    }

    private Optional<UplinkCase> find(Uplink uplink) {
        TreeMap<Integer, UplinkCase> line = lines.get(Line.of(uplink));
        return line == null ? Optional.empty() : Optional.ofNullable(line.get(uplink.number()));
    }

    // ---- back ends ----

    /** A callback takes these from now on. */
    void serves(HookEvent.Served event) {
        served.add(event.product() + "/" + event.kind());
    }

    /** Null where nobody sent it, or it is finally judged. */
    private @Nullable UplinkCase arrives(Notice notice, Event event) {
        Uplink said = Uplink.read(notice.text()).orElse(null);
        boolean whole = said != null
                && said.number() <= highest
                && said.endpoint().equals(notice.endpoint())
                && notice.type().equals(Notice.UPLINK + said.type());
        if (said == null || !whole) {
            findings.add(11, "an uplink that nobody sent so: " + notice, event.at());
            return null;
        }
        UplinkCase one = find(said).orElse(null);
        if (one != null) {
            one.note(event);
            identity(one, notice, event.at());
        }
        return one;
    }

    private void identity(UplinkCase one, Notice notice, long at) {
        if (!one.uplink.id().isEmpty() && !one.uplink.id().equals(notice.uplinkId())) {
            add("told with the id " + notice.uplinkId() + ", sent with " + one.uplink.id(), at, one);
        }
        if (!one.eventId.isEmpty() && !one.eventId.equals(notice.id()) && !one.mayComeAnew) {
            add("is two events, " + one.eventId + " and " + notice.id(), at, one);
        }
        one.eventId = notice.id();
    }

    /** @param fresh whether this event was never told before */
    void told(HookEvent.Told event, boolean fresh) {
        Notice notice = event.notice();
        UplinkCase one = arrives(notice, event);
        if (one == null) {
            return;
        }
        Line line = Line.of(one.uplink);
        long last = lastTold.getOrDefault(line, 0L);
        if (fresh && notice.seq() <= last) {
            add("seq " + notice.seq() + " comes first after " + last, event.at(), one);
        }
        lastTold.put(line, Math.max(last, notice.seq()));
        if (one.toldAt < 0) {
            one.toldAt = event.at();
            overtaken(line, one)
                    .forEach(earlier -> add(
                            "was kept before " + one.uplink.number() + " was sent, which comes first",
                            event.at(),
                            earlier));
        }
    }

    private Stream<UplinkCase> overtaken(Line line, UplinkCase one) {
        return lines.getOrDefault(line, new TreeMap<>()).headMap(one.uplink.number()).values().stream()
                .filter(earlier -> earlier.takenAt >= 0 && earlier.takenAt < one.firstBegun())
                .filter(earlier -> earlier.toldAt < 0 && !earlier.mayBeLost);
    }

    void pulled(GroupEvent.Pulled event) {
        for (GroupEvent.Lent lent : event.lent()) {
            UplinkCase one = arrives(lent.uplink(), event);
            if (one != null) {
                one.groups.add(event.group());
            }
        }
    }

    // ---- what is owed ----

    private boolean isOwedToCallback(UplinkCase one) {
        return one.takenAt >= 0
                && one.toldAt < 0
                && !one.mayBeLost
                && served.contains(one.uplink.endpoint().product() + "/" + Notice.UPLINK + one.uplink.type());
    }

    private Stream<PullGroup> owedTo(UplinkCase one) {
        return one.takenAt < 0 || one.mayBeLost
                ? Stream.of()
                : groups.reading(one.uplink, one.firstBegun()).filter(group -> !one.groups.contains(group));
    }

    private Stream<UplinkCase> all() {
        return lines.values().stream().flatMap(line -> line.values().stream());
    }

    /** How many uplinks somebody must still be told, or given. */
    long countOwed() {
        return all().filter(
                        one -> isOwedToCallback(one) || owedTo(one).findAny().isPresent())
                .count();
    }

    void redisWasLost(boolean all, long since) {
        all().forEach(one -> one.redisWasLost(all ? 0 : since));
        if (all) {
            lastTold.clear();
        }
    }

    /** What has come to everybody, or need not, is forgotten; so is what the SDK asked, as nobody hears that it is kept. */
    void look(long now, long patience) {
        lines.values().forEach(line -> line.values().removeIf(one -> isJudged(one, now, patience)));
    }

    private boolean isJudged(UplinkCase one, long now, long patience) {
        if (one.takenAt < 0) {
            return one.uplink.id().isEmpty() && now - one.firstBegun() > patience;
        }
        return now - one.takenAt > patience
                && !isOwedToCallback(one)
                && owedTo(one).findAny().isEmpty();
    }

    int size() {
        return (int) all().count();
    }

    void finish(long now) {
        all().filter(this::isOwedToCallback)
                .toList()
                .forEach(one -> add("lost: kept, and its callback never heard of it", now, one));
        all().toList()
                .forEach(one -> owedTo(one)
                        .forEach(group -> add("lost: kept, and group " + group + " never got it", now, one)));
    }

    private void add(String what, long at, UplinkCase one) {
        EndpointId id = one.uplink.endpoint();
        findings.add(11, what, at, one, accounts.of(id.product(), id.user()).endpoint(id.device()));
    }
}
