/**
 * Topics: logs that many endpoints follow, and how far each is in them. {@link TopicGrpcService} is the way in; {@link TopicLogs} publishes,
 * {@link LogReads} reads, from {@link LogCache} where it can, {@link Positions} knows how far endpoints are, {@link Reached} how far rooms
 * were told, {@link Broadcasts} what became of the messages of topics that every endpoint follows; {@link RedisTopics} is the store. What
 * stands in a log is in the shard of its topic, what an endpoint has acknowledged in that of its user. Flows run on the virtual threads of a
 * batch and may block; who follows what is register's business.
 */
@NullMarked
package io.longline.saver.topic;

import org.jspecify.annotations.NullMarked;
