/**
 * How a broadcast stands at some of the endpoints that are connected: {@link io.longline.center.sample.SampleClient} asks register who is there,
 * and saver how far they are. Blocking calls on virtual threads.
 */
@NullMarked
package io.longline.center.sample;

import org.jspecify.annotations.NullMarked;
