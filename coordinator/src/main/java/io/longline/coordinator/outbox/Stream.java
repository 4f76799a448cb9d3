package io.longline.coordinator.outbox;

import io.longline.keeper.outbox.OutboxKeys;

/**
 * What waits in a shard of one kind of a product.
 *
 * @param kind of the callback that it is for, such as {@code uplink.order}
 */
public record Stream(int shard, String product, String kind) {

    /** Among the streams of its shard. */
    String name() {
        return OutboxKeys.name(product, kind);
    }

    static Stream of(int shard, String name) {
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
}
