/**
 * What clients send to back ends. {@link io.longline.coordinator.uplink.UplinkGrpcService} takes uplinks from rooms into the outbox, and {@link
 * io.longline.coordinator.uplink.UplinkReplies} pushes what callbacks answer to those who sent them.
 */
@NullMarked
package io.longline.coordinator.uplink;

import org.jspecify.annotations.NullMarked;
