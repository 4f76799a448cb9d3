package io.longline.sdk.link;

import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameDecoder;
import io.longline.frames.FrameEncoder;
import io.longline.frames.FrameLimits;
import io.longline.frames.Preamble;
import io.longline.v1.ClientFrame;
import io.longline.v1.ServerFrame;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** One connection to a room, in native frames. One thread reads; any thread may write or close. */
public final class Link implements Closeable {
    private static final int READ_BYTES = 16 * 1024;

    private final String room;
    private final Socket socket;
    private final OutputStream out;
    private final LongSupplier clockMs;
    private final FrameDecoder<ServerFrame> decoder =
            new FrameDecoder<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM);
    private final byte[] bytes = new byte[READ_BYTES];
    private ByteBuffer unread = ByteBuffer.wrap(bytes, 0, 0);
    private byte[] preamble = Preamble.bytes();
    private volatile long lastReadMs;
    private volatile long lastWriteMs;

    Link(String room, Socket socket, LongSupplier clockMs) throws IOException {
        this.room = room;
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.clockMs = clockMs;
        this.lastReadMs = clockMs.getAsLong();
        this.lastWriteMs = lastReadMs;
    }

    /**
     * The next frame, or what it is instead; {@link DecodeResult.NeedMore} where {@code timeoutMs} passed, or bytes came that are no
     * whole frame yet.
     *
     * @throws EOFException where the room closed the connection
     */
    public DecodeResult<ServerFrame> read(int timeoutMs) throws IOException {
        DecodeResult<ServerFrame> result = decoder.decode(unread);
        if (!(result instanceof DecodeResult.NeedMore)) {
            return result;
        }
        try {
            socket.setSoTimeout(timeoutMs);
            int n = socket.getInputStream().read(bytes);
            if (n < 0) {
                throw new EOFException("the room closed the connection");
            }
            lastReadMs = clockMs.getAsLong();
            unread = ByteBuffer.wrap(bytes, 0, n);
        } catch (SocketTimeoutException e) {
            return result;
        }
        return decoder.decode(unread);
    }

    /** Writes one frame, the first with the preamble in front of it, in one packet where it fits. */
    public synchronized void write(ClientFrame frame) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(preamble.length + FrameEncoder.sizeOf(frame));
        packet.put(preamble);
        preamble = new byte[0];
        FrameEncoder.encode(frame, packet);
        out.write(packet.array());
        out.flush();
        lastWriteMs = clockMs.getAsLong();
    }

    /** Where it leads, as {@code HOST:PORT}. */
    public String room() {
        return room;
    }

    /** When the last byte came. */
    public long lastReadMs() {
        return lastReadMs;
    }

    /** When the last frame was written. */
    public long lastWriteMs() {
        return lastWriteMs;
    }

    /** Ends the connection; a thread that reads gets an {@link IOException}. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way, and whoever reads will notice.
        }
    }
}
