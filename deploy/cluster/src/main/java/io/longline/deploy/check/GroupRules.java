package io.longline.deploy.check;

import io.longline.deploy.check.history.GroupEvent;
import io.longline.deploy.check.history.GroupEvent.Lent;
import io.longline.deploy.check.history.PullGroup;
import io.longline.deploy.check.history.Uplink;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.stream.Stream;

/** Groups that pull: an uplink is one consumer's at a time, and what is finished does not come again (promise 11). */
final class GroupRules {
    private static final int MOST_HELD = 20_000;

    private final Findings findings;
    private final Map<PullGroup, Group> groups = new HashMap<>();

    private static final class Group {
        /** It certainly is there since then; -1: it may not be. */
        private long since = -1;

        /** What was begun before may be of before a loss of Redis. */
        private long lostAt;

        private final Map<String, Held> held = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Entry<String, Held> eldest) {
                return size() > MOST_HELD;
            }
        };
    }

    /** An uplink that a consumer was given. */
    private static final class Held {
        private final String leaseId;
        private final long givenBefore;
        private final long until;
        private long finishedAt = Long.MAX_VALUE;

        /** Somebody is giving it back, or has. */
        private boolean mayBeBack;

        private Held(String leaseId, long givenBefore, long until) {
            this.leaseId = leaseId;
            this.givenBefore = givenBefore;
            this.until = until;
        }
    }

    GroupRules(Findings findings) {
        this.findings = findings;
    }

    void accept(GroupEvent event) {
        Group group = groups.computeIfAbsent(event.group(), _ -> new Group());
        switch (event) {
            case GroupEvent.Pulled pulled -> pulled(group, pulled);
            case GroupEvent.SettleBegun begun -> {
                if (!begun.finish()) {
                    held(group, begun.leaseIds()).forEach(held -> held.mayBeBack = true);
                }
            }
            case GroupEvent.Finished finished ->
                held(group, finished.leaseIds()).forEach(held -> held.finishedAt = finished.at());
        }
    }

    private static Stream<Held> held(Group group, Set<String> leaseIds) {
        return group.held.values().stream().filter(held -> leaseIds.contains(held.leaseId));
    }

    private void pulled(Group group, GroupEvent.Pulled event) {
        if (event.begunAt() < group.lostAt) {
            return;
        }
        if (group.since < 0) {
            group.since = event.at();
        }
        for (Lent lent : event.lent()) {
            Held before = group.held.get(lent.uplink().id());
            if (before != null) {
                again(before, event, lent);
            }
            Held now = new Held(lent.leaseId(), event.at(), event.begunAt() + event.leaseNanos());
            if (before == null || before.finishedAt == Long.MAX_VALUE) {
                group.held.put(lent.uplink().id(), now);
            }
        }
    }

    private void again(Held before, GroupEvent.Pulled event, Lent lent) {
        if (before.finishedAt < event.begunAt()) {
            findings.add(11, "finished, and given again to group " + event.group() + ": " + lent.uplink(), event.at());
        } else if (!before.mayBeBack && event.begunAt() >= before.givenBefore && event.at() < before.until) {
            String what = "given to a second consumer of group " + event.group() + " while another one has it: ";
            findings.add(11, what + lent.uplink(), event.at());
        }
    }

    /** The groups that must get an uplink which was first sent then. */
    Stream<PullGroup> reading(Uplink uplink, long begunAt) {
        return groups.entrySet().stream()
                .filter(each -> each.getKey().type().equals(uplink.type()))
                .filter(each -> each.getKey().product().equals(uplink.endpoint().product()))
                .filter(each -> each.getValue().since >= 0 && each.getValue().since < begunAt)
                .map(Entry::getKey);
    }

    /** What was given, given back, and finished may be undone; where all is lost, the groups themselves. */
    void redisWasLost(boolean all, long at) {
        for (Group group : groups.values()) {
            group.held.clear();
            group.lostAt = at;
            group.since = all ? -1 : group.since;
        }
    }
}
