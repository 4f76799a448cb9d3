package io.longline.saver.endpoint;

import io.longline.keeper.shard.Shards;

/** The names of what the saver keeps in Redis for topics. All of a topic's are in one slot. */
public final class TopicKeys {

    private TopicKeys() {}

    /** The counter that the offsets of all topics of a shard are drawn from. */
    public static String offset(int shard) {
        return Shards.tag(shard) + ":topic-offset";
    }

    /** The topics that have a log. */
    public static String topics(int shard) {
        return Shards.tag(shard) + ":topics";
    }

    /** Topics of which not every room was told how far they reach, by since when. */
    public static String untold(int shard) {
        return Shards.tag(shard) + ":untold";
    }

    /** What is known of a send. */
    public static String send(int shard, long offset) {
        return Shards.tag(shard) + ":send:" + offset;
    }

    /** The stream of messages. */
    public static String log(Topic topic) {
        return Shards.tag(topic.shard()) + ":log:" + topic.text();
    }

    /** The offset that was given last, what left before its time, what the log takes; of a broadcast topic how far everybody may read. */
    public static String topic(Topic topic) {
        return Shards.tag(topic.shard()) + ":topic:" + topic.text();
    }

    /** The offset of a message id, for 24 h. */
    public static String id(Topic topic, String messageId) {
        return Shards.tag(topic.shard()) + ":topic-id:" + topic.text() + "/" + messageId;
    }

    /** What an endpoint has acknowledged, by topic. */
    public static String passed(Endpoint endpoint) {
        return Shards.tag(endpoint.shard()) + ":passed:" + endpoint.text();
    }
}
