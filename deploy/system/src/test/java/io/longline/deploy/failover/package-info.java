/** Whole clusters whose Redis is replaced by a replica of it that lags. */
@NullMarked
package io.longline.deploy.failover;

import org.jspecify.annotations.NullMarked;
