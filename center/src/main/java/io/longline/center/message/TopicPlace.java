package io.longline.center.message;

/**
 * Where a message to a topic stands.
 *
 * @param offset in the log of the topic; 0: nobody told
 */
public record TopicPlace(String topic, long offset) {}
