/**
 * Lists in pages, above all those that lie in all shards: {@link io.longline.center.page.ShardPages} asks shard after shard, {@link
 * io.longline.center.page.ShardPlace} is what a back end gives back for the next page. Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.page;

import org.jspecify.annotations.NullMarked;
