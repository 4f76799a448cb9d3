package io.longline.coordinator.group;

import java.time.Duration;

/**
 * What a consumer wants.
 *
 * @param max uplinks
 * @param lease for how long they are his
 */
record PullWish(Group group, int max, Duration lease) {}
