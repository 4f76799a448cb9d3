package io.longline.room.transport.lean;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on one socket, in order: there is one as long as something is in it. As a rule that is a single buffer, the socket's own or
 * one that others are sent too.
 */
final class Unsent {
    /** So many bytes that others are sent too are not copied behind what waits: each slow link would have its own. */
    static final int LARGE_BYTES = 8 * 1024;

    private static final int FIRST_BYTES = 512;

    private @Nullable ByteBuf last;
    private boolean lastIsShared;
    private @Nullable Deque<ByteBuf> before; // null: nothing, as nearly always

    /** Where to write what comes next. */
    ByteBuf own() {
        ByteBuf known = last;
        if (known != null && !lastIsShared) {
            return known;
        }
        ByteBuf fresh = ByteBufAllocator.DEFAULT.directBuffer(FIRST_BYTES);
        if (known != null && known.readableBytes() < LARGE_BYTES) {
            fresh.writeBytes(known);
            known.release();
        } else if (known != null) {
            leavesBefore(known);
        }
        last = fresh;
        lastIsShared = false;
        return fresh;
    }

    /** Appends bytes that others are sent too, and that stay as they are. Where nothing waits, and where they are many, they are not copied. */
    void append(ByteBuf shared) {
        if (last != null && shared.readableBytes() < LARGE_BYTES) {
            own().writeBytes(shared, shared.readerIndex(), shared.readableBytes());
            return;
        }
        if (last != null) {
            leavesBefore(last);
        }
        last = shared.retainedDuplicate();
        lastIsShared = true;
    }

    private void leavesBefore(ByteBuf what) {
        if (before == null) {
            before = new ArrayDeque<>(2);
        }
        before.add(what);
    }

    int size() {
        int bytes = last == null ? 0 : last.readableBytes();
        if (before != null) {
            for (ByteBuf waiting : before) {
                bytes += waiting.readableBytes();
            }
        }
        return bytes;
    }

    /** Whether the socket took all of it. */
    boolean sendTo(Socket socket) throws IOException {
        while (before != null) {
            ByteBuf first = before.element();
            if (!isTaken(first, socket)) {
                return false;
            }
            before.remove();
            before = before.isEmpty() ? null : before;
            first.release();
        }
        ByteBuf rest = last;
        if (rest == null) {
            return true;
        }
        if (isTaken(rest, socket)) {
            last = null;
            lastIsShared = false;
            rest.release();
            return true;
        }
        if (!lastIsShared) {
            rest.discardSomeReadBytes();
        }
        return false;
    }

    private static boolean isTaken(ByteBuf waiting, Socket socket) throws IOException {
        int length = waiting.readableBytes();
        ByteBuffer bytes = waiting.internalNioBuffer(waiting.readerIndex(), length);
        int sent = socket.write(bytes, bytes.position(), bytes.limit());
        waiting.skipBytes(sent);
        return sent == length;
    }

    /** It is sent no more. */
    void release() {
        if (last != null) {
            last.release();
            last = null;
        }
        if (before != null) {
            before.forEach(ByteBuf::release);
            before = null;
        }
    }
}
