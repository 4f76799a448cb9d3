package io.longline.keeper.product;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;

/** A product as operators are shown it, by the API and by the command alike. */
public final class ProductView {
    private ProductView() {}

    /** Its settings, and how many secrets of each kind are good now; no secret. */
    public static ObjectNode of(Product product) {
        ObjectNode json = Json.object();
        json.put("product", product.id())
                .put("durability", product.durability().word())
                .put("window", product.window())
                .put("inbox_limit", product.inboxLimit())
                .put("max_payload_bytes", product.maxPayloadBytes());
        json.putObject("heartbeat")
                .put("interval_s", product.heartbeat().intervalS())
                .put("min_s", product.heartbeat().minS())
                .put("max_s", product.heartbeat().maxS());
        json.put("device_ttl_days", product.deviceTtlDays());
        product.openTopics().forEach(json.putArray("open_topics")::add);
        json.putObject("limits")
                .put("rate_per_s", product.limits().ratePerS())
                .put("daily_quota", product.limits().dailyQuota())
                .put("user_messages_per_hour", product.limits().userMessagesPerHour())
                .put("user_messages_per_day", product.limits().userMessagesPerDay())
                .put("user_bytes_per_hour", product.limits().userBytesPerHour())
                .put("user_bytes_per_day", product.limits().userBytesPerDay());
        json.putObject("second_device")
                .put("policy", product.secondDevice().policy().word())
                .put("most", product.secondDevice().most());
        json.putObject("broadcasts")
                .put("default_per_s", product.broadcasts().defaultPerS())
                .put("most_per_s", product.broadcasts().mostPerS())
                .put("default_bytes_per_s", product.broadcasts().defaultBytesPerS())
                .put("most_bytes_per_s", product.broadcasts().mostBytesPerS());
        ObjectNode merge =
                json.putObject("merge").put("window_ms", product.merge().windowMs());
        product.merge().topics().forEach(merge.putObject("topics")::put);
        topicLog(json.putObject("topic_log"), product.topicLog());
        json.putObject("uplinks")
                .put("session_per_minute", product.uplinks().sessionPerMinute())
                .put("rate_per_s", product.uplinks().ratePerS());
        product.callbacks().networks().forEach(json.putObject("callbacks").putArray("networks")::add);
        json.putObject("presence")
                .put("clients", product.presence().clients())
                .put("events", product.presence().events())
                .put("debounce_ms", product.presence().debounceMs());
        ObjectNode keys = json.putObject("keys");
        for (SecretKind kind : SecretKind.values()) {
            keys.put(kind.word(), kind.of(product));
        }
        return json;
    }

    private static void topicLog(ObjectNode json, LogLimits limits) {
        json.put("messages", limits.messages()).put("bytes", limits.bytes()).put("ttl_s", limits.ttlS());
        ObjectNode topics = json.putObject("topics");
        limits.topics()
                .forEach((pattern, bounds) -> topics.putObject(pattern)
                        .put("messages", bounds.messages())
                        .put("bytes", bounds.bytes())
                        .put("ttl_s", bounds.ttlS()));
    }
}
