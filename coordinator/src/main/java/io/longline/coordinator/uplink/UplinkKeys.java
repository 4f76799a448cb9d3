package io.longline.coordinator.uplink;

import io.longline.keeper.shard.Shards;

/** What is known of uplinks in Redis besides what waits. */
final class UplinkKeys {
    private UplinkKeys() {}

    static String id(int shard, Uplink.Sender sender, String id) {
        return Shards.tag(shard) + ":uplink:id:" + sender.product() + "/" + sender.endpoint() + "/" + id;
    }

    /** How much an endpoint has used up of what it may send in a minute. */
    static String rate(int shard, Uplink.Sender sender) {
        return Shards.tag(shard) + ":uplink:rate:" + sender.product() + "/" + sender.endpoint();
    }

    static String rate(String product) {
        return "{p:" + product + "}:uplinks";
    }
}
