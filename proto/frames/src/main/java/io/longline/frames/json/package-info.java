/**
 * The JSON form of the frames and of the dispatcher's answer: our own codec over the protobuf descriptors, by the rules of
 * CONTRACT section 4 and {@code proto/PROTOCOL.md}. Rooms, clients and the dispatcher call it; everything is immutable and free to
 * share. What came from the network never makes a method throw.
 */
@NullMarked
package io.longline.frames.json;

import org.jspecify.annotations.NullMarked;
