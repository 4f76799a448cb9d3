/**
 * What expires while nobody looks, told in time: an inbox is else looked through when somebody reads it. For products alone that are told of
 * the ends of their messages. {@link io.longline.saver.expiry.Expiry} runs in every saver, with a virtual thread for each shard.
 */
@NullMarked
package io.longline.saver.expiry;

import org.jspecify.annotations.NullMarked;
