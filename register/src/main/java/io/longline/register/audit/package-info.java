/**
 * Every route there is, for the auditor, which compares them with what rooms have: {@link
 * io.longline.register.audit.RouteAuditGrpcService} is the entrance, {@link io.longline.register.audit.RedisRouteWalk} reads them.
 *
 * <p>Runs on the virtual thread of the call that asks; changes nothing.
 */
@NullMarked
package io.longline.register.audit;

import org.jspecify.annotations.NullMarked;
