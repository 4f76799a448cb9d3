/**
 * dispatcher: the answer to "where do I connect". {@link io.longline.dispatcher.DispatcherServer}, read from top to bottom, is the start
 * order. It holds no state but the members that ZooKeeper last told.
 */
@NullMarked
package io.longline.dispatcher;

import org.jspecify.annotations.NullMarked;
