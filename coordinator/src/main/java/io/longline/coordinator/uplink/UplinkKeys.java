package io.longline.coordinator.uplink;

import io.longline.keeper.shard.Shards;

/** Where uplinks are in Redis; all of one endpoint in one slot. */
final class UplinkKeys {
    private UplinkKeys() {}

    static String lease(int shard) {
        return Shards.tag(shard) + ":uplink:lease";
    }

    static String streams(int shard) {
        return Shards.tag(shard) + ":uplink:streams";
    }

    static String stream(Stream stream) {
        return Shards.tag(stream.shard()) + ":uplink:stream:" + stream.name();
    }

    static String waiting(Stream stream) {
        return Shards.tag(stream.shard()) + ":uplink:waiting:" + stream.name();
    }

    static String id(int shard, Uplink.Sender sender, String id) {
        return Shards.tag(shard) + ":uplink:id:" + sender.product() + "/" + sender.endpoint() + "/" + id;
    }

    static String rate(String product) {
        return "{p:" + product + "}:uplinks";
    }
}
