/**
 * The part of the configuration that is in ZooKeeper: read once at start, or followed while the process runs. A change that
 * does not validate is refused whole. Listeners run on the watch's thread; everything else may be called from any.
 */
@NullMarked
package io.longline.keeper.live;

import org.jspecify.annotations.NullMarked;
