package io.longline.keeper.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which link serves which key, as of one look. Immutable, but that a link may drop. */
final class RedisMap {

    static final RedisMap EMPTY = new RedisMap(null, new @Nullable RedisLink[0], Set.of(), 0);

    private final @Nullable RedisLink only;
    /** By slot; empty where there is one Redis. */
    private final @Nullable RedisLink[] bySlot;

    private final Set<RedisLink> links;
    private final int unserved;

    private RedisMap(@Nullable RedisLink only, @Nullable RedisLink[] bySlot, Set<RedisLink> links, int unserved) {
        this.only = only;
        this.bySlot = bySlot;
        this.links = links;
        this.unserved = unserved;
    }

    static RedisMap of(RedisLink only) {
        return new RedisMap(only, new @Nullable RedisLink[0], Set.of(only), 0);
    }

    /** Slots without an owner, or whose owner has no link, are not served. */
    static RedisMap of(RedisTopology topology, Map<String, RedisLink> byAddress) {
        @Nullable RedisLink[] bySlot = new @Nullable RedisLink[RedisTopology.SLOTS];
        Set<RedisLink> links = new HashSet<>();
        int unserved = 0;
        for (int slot = 0; slot < bySlot.length; slot++) {
            String owner = topology.owner(slot);
            RedisLink link = owner == null ? null : byAddress.get(owner);
            bySlot[slot] = link;
            if (link == null) {
                unserved++;
            } else {
                links.add(link);
            }
        }
        return new RedisMap(null, bySlot, Set.copyOf(links), unserved);
    }

    /** The link that serves this key, if it is open. */
    @Nullable
    RedisLink at(String key) {
        RedisLink link = bySlot.length == 0 ? only : bySlot[SlotHash.getSlot(key)];
        return link != null && link.open() ? link : null;
    }

    /** Of one Redis that is no cluster. */
    @Nullable
    RedisLink only() {
        return only != null && only.open() ? only : null;
    }

    /** Whether every key is served. */
    boolean whole() {
        return unserved == 0 && !links.isEmpty() && links.stream().allMatch(RedisLink::open);
    }

    List<RedisLink> open() {
        return links.stream().filter(RedisLink::open).toList();
    }

    Set<String> runIds() {
        return links.stream().map(RedisLink::runId).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether some key is served by a link here that did not serve it before. */
    boolean bringsTo(RedisMap before) {
        if (bySlot.length == 0 || before.bySlot.length == 0) {
            return !links.equals(before.links);
        }
        for (int slot = 0; slot < bySlot.length; slot++) {
            if (bySlot[slot] != null && bySlot[slot] != before.bySlot[slot]) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "run_ids=" + runIds() + (unserved == 0 ? "" : " slots_not_served=" + unserved);
    }
}
