/**
 * Links without channels: a descriptor each, that stands on Netty's event loop by itself. An idle one is a {@link
 * io.longline.room.transport.lean.LeanLink}, its descriptor and its registration; buffers are the loop's ({@link
 * io.longline.room.transport.lean.LeanLoop}), and a link has some of its own only while something is in the midst of coming or
 * going. What is spoken on it is a shared {@link io.longline.room.transport.lean.Speech}. Everything happens on the loop; after the
 * descriptor is closed nothing touches it, because its number may be another's.
 */
@NullMarked
package io.longline.room.transport.lean;

import org.jspecify.annotations.NullMarked;
