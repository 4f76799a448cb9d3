package io.longline.deploy.kit;

/**
 * A message of a topic that came to a client, between two moments in nanoseconds of this process's clock: a reader that stood still for a
 * while knows no better.
 */
public record Arrival(String user, String topic, long offset, String text, long afterNanos, long byNanos) {}
