package io.longline.coordinator.outbox;

import io.longline.keeper.outbox.OutboxKeys;
import java.util.List;

/**
 * What waits in a shard of one kind of a product.
 *
 * @param kind of the callback that it is for, such as {@code uplink.order}
 */
public record Stream(int shard, String product, String kind) {

    /** Among the streams of its shard. */
    public String name() {
        return OutboxKeys.name(product, kind);
    }

    /** What the ids of its events begin with; their seq follows. */
    public String idPrefix() {
        return kind + "." + shard + ".";
    }

    /** As {@link #name} names it. */
    public static Stream of(int shard, String name) {
        int slash = name.indexOf('/');
        return new Stream(shard, name.substring(0, slash), name.substring(slash + 1));
    }

    /** Of what waits. */
    public String key() {
        return OutboxKeys.stream(shard, name());
    }

    /** Of how much that is. */
    public String waitingKey() {
        return OutboxKeys.waiting(shard, name());
    }

    /** Of who reads it. */
    public String groupsKey() {
        return OutboxKeys.groups(shard, name());
    }

    /** Of what its callback has taken. */
    String takenKey() {
        return OutboxKeys.taken(shard, name());
    }

    /** All that there is of it, in the order in which {@code leave.lua} has them. */
    public List<String> keys() {
        return List.of(
                key(),
                waitingKey(),
                OutboxKeys.streams(shard),
                groupsKey(),
                takenKey(),
                OutboxKeys.leases(shard, name()),
                OutboxKeys.later(shard, name()));
    }
}
