/**
 * Who is where: binds, unbinds and the questions for it. The entrances {@link
 * io.longline.register.route.BindGrpcService} and {@link io.longline.register.route.LocateGrpcService} lead over {@link
 * io.longline.register.route.RouteIndex} to the scripts that stand beside {@link
 * io.longline.register.route.RedisRouteIndex} in the resources.
 *
 * <p>Called by rooms (bind, unbind) and centers (locate, devices). Everything runs on the virtual threads of the RPC
 * server and keeps no state between calls.
 */
@NullMarked
package io.longline.register.route;

import org.jspecify.annotations.NullMarked;
