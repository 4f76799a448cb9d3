package io.longline.frames;

/**
 * How large a frame may be, in bytes of its body (without the length in front of it). It is compared with the length that is
 * announced, before anything is allocated for the frame.
 */
public final class FrameLimits {
    /** What a room takes from a client unless configured otherwise: 64 KiB. */
    public static final FrameLimits FROM_CLIENT = new FrameLimits(64 * 1024);

    /** What a client takes from a room: 1 MiB, since one {@code pushes} frame may hold many payloads of up to 64 KiB. */
    public static final FrameLimits FROM_ROOM = new FrameLimits(1024 * 1024);

    private final int maxFrameBytes;

    private FrameLimits(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** A limit of the configuration's; an {@link IllegalArgumentException} below 1. */
    public static FrameLimits of(int maxFrameBytes) {
        if (maxFrameBytes < 1) {
            throw new IllegalArgumentException("maxFrameBytes is " + maxFrameBytes + ", expected 1 or more");
        }
        return new FrameLimits(maxFrameBytes);
    }

    public int maxFrameBytes() {
        return maxFrameBytes;
    }
}
