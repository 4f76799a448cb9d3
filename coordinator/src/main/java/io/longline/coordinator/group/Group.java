package io.longline.coordinator.group;

import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.product.Callback;

/** Consumers of one product that share the uplinks of one type. */
record Group(String product, String type, String name) {

    /** What it reads in a shard. */
    Stream stream(int shard) {
        return stream(shard, product, type);
    }

    static Stream stream(int shard, String product, String type) {
        return new Stream(shard, product, Callback.UPLINK + type);
    }
}
