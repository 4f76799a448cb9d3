package io.longline.room.topic;

/**
 * A topic that an endpoint follows, as the register has it.
 *
 * @param from the offset after which it began to follow
 * @param byBackEnd so it may, whatever its token says
 */
public record FollowedTopic(String topic, long from, boolean byBackEnd) {}
