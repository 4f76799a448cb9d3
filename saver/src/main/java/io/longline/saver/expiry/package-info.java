/**
 * What expires while nobody looks, told in time: an inbox is else looked through when somebody reads it. For products alone that are told of
 * the ends of their messages. {@link io.longline.saver.expiry.Expiry} runs under a lease, on a thread of its own.
 */
@NullMarked
package io.longline.saver.expiry;

import org.jspecify.annotations.NullMarked;
