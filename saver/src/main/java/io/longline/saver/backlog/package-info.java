/**
 * Events that wait for back ends, of which there are too many for Redis: the coordinator that has a shard's lease brings them and fetches them
 * again. In MySQL alone, so many of a product. Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.saver.backlog;

import org.jspecify.annotations.NullMarked;
