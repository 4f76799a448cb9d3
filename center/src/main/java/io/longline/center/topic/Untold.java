package io.longline.center.topic;

/**
 * A topic of which not every room may know how far it reaches.
 *
 * @param offset given last
 */
record Untold(String product, String topic, long offset) {}
