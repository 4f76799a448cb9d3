/**
 * Who follows which topic. A client wants it for its endpoint, a back end for all that a user has; of the two the newer wish counts. The
 * entrance {@link io.longline.register.follow.FollowGrpcService} leads over {@link io.longline.register.follow.FollowFlow}, which tells
 * the journal, to {@link io.longline.register.follow.FollowIndex} and the scripts that stand beside {@link
 * io.longline.register.follow.RedisFollowIndex} in the resources; what a record is, {@code records.lua} says.
 *
 * <p>Called by rooms (follow, follows) and centers (follow, followers). Everything runs on the virtual threads of the RPC server and keeps
 * no state between calls.
 */
@NullMarked
package io.longline.register.follow;

import org.jspecify.annotations.NullMarked;
