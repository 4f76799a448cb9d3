package io.longline.center.uplink;

import java.time.Duration;

/**
 * What a consumer wants.
 *
 * @param max uplinks
 * @param longest that it waits where there are none
 * @param lease for how long they are his
 */
record Pull(String consumer, int max, Duration longest, Duration lease) {}
