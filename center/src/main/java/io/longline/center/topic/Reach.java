package io.longline.center.topic;

/**
 * How far a message to a topic came in a room.
 *
 * @param followers sessions there that follow the topic
 * @param written to so many of them it was handed at once; the others read it when they can
 */
public record Reach(long followers, long written) {}
