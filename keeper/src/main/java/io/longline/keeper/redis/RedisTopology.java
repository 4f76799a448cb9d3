package io.longline.keeper.redis;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which node of a Redis Cluster serves each slot. Nodes do not always agree; of two that claim a slot, the one with the
 * greater epoch won it later. So a master that was stopped, and wakes not knowing that it was replaced, is not believed as
 * long as one other node is heard.
 */
final class RedisTopology {

    static final int SLOTS = 16_384;
    /** Fields of a line before its slots: id, address, flags, master, two times, epoch, state of the link. */
    private static final int FIELDS = 8;

    private final @Nullable String[] owners = new @Nullable String[SLOTS];
    private final long[] epochs = new long[SLOTS];

    private RedisTopology() {}

    /**
     * What one node says.
     *
     * @param host where it was asked, for it may not know its own address
     * @param nodes its answer to {@code CLUSTER NODES}
     */
    record View(String host, String nodes) {}

    static RedisTopology of(Collection<View> views) {
        RedisTopology topology = new RedisTopology();
        for (View view : views) {
            view.nodes.lines().forEach(line -> topology.read(view.host, line.split(" ", -1)));
        }
        return topology;
    }

    /** {@code host:port} of the node that serves it; none where nobody claims it. */
    @Nullable
    String owner(int slot) {
        return owners[slot];
    }

    Set<String> owners() {
        Set<String> all = new LinkedHashSet<>();
        for (String owner : owners) {
            if (owner != null) {
                all.add(owner);
            }
        }
        return all;
    }

    private void read(String host, String[] fields) {
        if (fields.length <= FIELDS) {
            return; // it has no slots
        }
        List<String> flags = List.of(fields[2].split(",", -1));
        if (!flags.contains("master") || flags.contains("handshake") || flags.contains("noaddr")) {
            return;
        }
        String address = address(host, fields[1]);
        long epoch = Long.parseLong(fields[6]);
        for (int i = FIELDS; i < fields.length; i++) {
            if (!fields[i].startsWith("[")) { // such a one is on its way, and still served here
                claim(fields[i].split("-", -1), address, epoch);
            }
        }
    }

    private void claim(String[] ends, String address, long epoch) {
        int last = Integer.parseInt(ends[ends.length - 1]);
        for (int slot = Integer.parseInt(ends[0]); slot <= last; slot++) {
            if (owners[slot] == null || epoch > epochs[slot]) {
                owners[slot] = address;
                epochs[slot] = epoch;
            }
        }
    }

    /** Of {@code host:port@bus,hostname}, where the host may be empty. */
    private static String address(String host, String field) {
        String address = field.split("[@,]", 2)[0];
        return address.startsWith(":") ? host + address : address;
    }
}
