/**
 * What every feature of the saver speaks of: endpoints, topics, what becomes of a copy, products' rules, and how the items of a
 * batch and the calls to a shard are made. Values are immutable; calls block and belong to virtual threads.
 */
@NullMarked
package io.longline.saver.endpoint;

import org.jspecify.annotations.NullMarked;
