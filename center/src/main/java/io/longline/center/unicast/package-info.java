/**
 * A push to one user: {@link io.longline.center.unicast.UnicastHttp} reads the request, {@link io.longline.center.unicast.Idempotency}
 * sees to repeated ids, {@link io.longline.center.unicast.PushFlow} takes the five steps, the Client classes beside it speak to saver,
 * register and room. Start reading at the flow.
 *
 * <p>Straight blocking code on the request's virtual thread. The sweep uses {@link io.longline.center.unicast.HandOverFlow} too.
 */
@NullMarked
package io.longline.center.unicast;

import org.jspecify.annotations.NullMarked;
