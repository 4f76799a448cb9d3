/**
 * How keys are spread over the 256 shards of a cluster, as the design's section 6 has it. Pure functions; every service
 * that touches Redis or picks a peer by key uses these, so that all agree.
 */
@NullMarked
package io.longline.keeper.shard;

import org.jspecify.annotations.NullMarked;
