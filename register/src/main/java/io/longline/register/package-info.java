/**
 * The service register: which endpoint is where, its generation, its known devices. {@link
 * io.longline.register.RegisterServer}, read from top to bottom, is the start order; the work is in {@code route} (binds
 * and questions), {@code rebuild} (lost shards) and {@code deadrooms} (rooms that died).
 */
@NullMarked
package io.longline.register;

import org.jspecify.annotations.NullMarked;
