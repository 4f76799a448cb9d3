/**
 * Back ends that fetch what clients send, in groups: each group is given every uplink of its type, and each uplink is one consumer's until he
 * has finished with it or his time is over. {@link io.longline.coordinator.group.GroupGrpcService} is the way in; {@link
 * io.longline.coordinator.group.PullFlow} gives, {@link io.longline.coordinator.group.GroupFlow} does the rest.
 *
 * <p>What is given to whom stands beside the streams of the outbox and is changed by scripts alone, so any coordinator serves any group; a pull
 * that waits has the virtual thread of its call.
 */
@NullMarked
package io.longline.coordinator.group;

import org.jspecify.annotations.NullMarked;
