package io.longline.coordinator.uplink;

import io.longline.keeper.shard.Shards;
import java.util.List;

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

    /** Replies that no inbox has yet, when they are due, and how much there is of each product. */
    static List<String> replies(int shard) {
        String prefix = Shards.tag(shard) + ":uplink:replies";
        return List.of(prefix, prefix + ":due", prefix + ":held");
    }

    static String rate(String product) {
        return "{p:" + product + "}:uplinks";
    }
}
