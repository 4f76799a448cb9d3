/**
 * Client tokens for back ends that have no signing library at hand. No network; signed on the request's virtual thread.
 */
@NullMarked
package io.longline.center.token;

import org.jspecify.annotations.NullMarked;
