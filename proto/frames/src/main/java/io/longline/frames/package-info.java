/**
 * The frames that a client and a room exchange, to and from bytes: the native form ({@link io.longline.frames.FrameEncoder},
 * {@link io.longline.frames.FrameDecoder}), bare protobuf as on a binary WebSocket ({@link io.longline.frames.BinaryFrames}), and the
 * JSON form in {@code io.longline.frames.json}. The bytes are described in {@code proto/PROTOCOL.md}.
 *
 * <p>Rooms and clients call it. Everything here is immutable and free to share, but for a {@code FrameDecoder}, which belongs to one
 * link and to the thread that reads that link. What came from the network never makes a method of this package throw: a frame that
 * does not parse is a value.
 */
@NullMarked
package io.longline.frames;

import org.jspecify.annotations.NullMarked;
