/**
 * Whether a push may be sent now, by its product's {@link io.longline.keeper.product.SendLimits}:
 * {@link io.longline.center.quota.Admission}, which stands before anything is claimed or stored. Products without limits do not come in
 * here. On the request's virtual thread.
 */
@NullMarked
package io.longline.center.quota;

import org.jspecify.annotations.NullMarked;
