/**
 * Who comes and goes, as register's scripts noted it, told to the product: {@link io.longline.coordinator.presence.PresenceFlow} looks at the
 * shards whose lease this coordinator has, {@code tell.lua} decides and tells in one step, and what was told goes into the product's log.
 *
 * <p>One virtual thread.
 */
@NullMarked
package io.longline.coordinator.presence;

import org.jspecify.annotations.NullMarked;
