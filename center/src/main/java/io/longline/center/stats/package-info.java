/**
 * What a product is told of itself in numbers: {@code GET /v1/stats}. What center sees is counted in memory ({@link io.longline.center.traffic.Traffic}) and told to saver each
 * second, which counts for all; what is online and what waits is asked of register and saver, shard by shard.
 */
@NullMarked
package io.longline.center.stats;

import org.jspecify.annotations.NullMarked;
