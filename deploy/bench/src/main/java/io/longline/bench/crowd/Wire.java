package io.longline.bench.crowd;

import io.longline.v1.ClientFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How frames travel. Written from the protocol, not from the room's code. */
public enum Wire {
    NATIVE,
    /** One frame in each binary message of a WebSocket. */
    WEB,
    /** Frames as native ones, of which nothing is understood and to which nothing is said: for the floor. */
    BARE;

    private static final byte[] PREAMBLE = {(byte) 0xA7, 1};
    private static final byte[] UPGRADE = String.join(
                    "\r\n",
                    "GET /v1/connect HTTP/1.1",
                    "Host: bench",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Protocol: longline.v1",
                    "",
                    "")
            .getBytes(StandardCharsets.US_ASCII);
    private static final int FINAL_BINARY = 0x82;
    private static final int MASKED = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int LONG_HEAD = 10;
    private static final int MASK_BYTES = 4;
    private static final int MAX_VARINT = 5;

    /** For people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is said first, before any frame. */
    byte[] opening() {
        return switch (this) {
            case NATIVE -> PREAMBLE;
            case WEB -> UPGRADE;
            case BARE -> new byte[0];
        };
    }

    byte[] bytes(ClientFrame frame) {
        byte[] body = frame.toByteArray();
        byte[] head = this == WEB ? maskedHead(body.length) : varint(body.length);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static byte[] varint(int number) {
        byte[] bytes = new byte[MAX_VARINT];
        int size = 0;
        int rest = number;
        while (rest >= 0x80) {
            bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return Arrays.copyOf(bytes, size);
    }

    /** The mask is 0, which leaves the payload as it is. */
    private static byte[] maskedHead(int length) {
        boolean isShort = length < SHORT_LENGTH;
        byte[] head = new byte[(isShort ? 2 : 4) + MASK_BYTES];
        head[0] = (byte) FINAL_BINARY;
        head[1] = (byte) (MASKED | (isShort ? length : SHORT_LENGTH));
        if (!isShort) {
            head[2] = (byte) (length >>> 8);
            head[3] = (byte) length;
        }
        return head;
    }

    /** The body of the next frame of a server, which is consumed; null, and nothing consumed, where it is not there as a whole. */
    @Nullable
    ByteBuffer next(ByteBuffer in) {
        return this == WEB ? nextMessage(in) : nextNative(in);
    }

    private static @Nullable ByteBuffer nextNative(ByteBuffer in) {
        int length = 0;
        for (int at = in.position(), shift = 0; at < in.limit(); at++, shift += 7) {
            byte next = in.get(at);
            length |= (next & 0x7F) << shift;
            if (next >= 0) {
                return body(in, at + 1, length);
            }
        }
        return null;
    }

    /** Unmasked, and never in fragments. */
    private static @Nullable ByteBuffer nextMessage(ByteBuffer in) {
        if (in.remaining() < 4) {
            return null;
        }
        int at = in.position();
        int length = in.get(at + 1) & 0x7F;
        if (length == LONG_LENGTH) {
            return in.remaining() < LONG_HEAD ? null : body(in, at + LONG_HEAD, (int) in.getLong(at + 2));
        }
        return length < SHORT_LENGTH ? body(in, at + 2, length) : body(in, at + 4, in.getShort(at + 2) & 0xFFFF);
    }

    private static @Nullable ByteBuffer body(ByteBuffer in, int from, int length) {
        if (in.limit() - from < length) {
            return null;
        }
        in.position(from + length);
        return in.slice(from, length);
    }
}
