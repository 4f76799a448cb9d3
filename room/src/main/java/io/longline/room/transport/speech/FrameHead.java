package io.longline.room.transport.speech;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the payload of a WebSocket frame that a client sends, as far as it keeps to RFC 6455.
 *
 * @param last whether its message ends with it
 * @param headBytes with the mask, its last four
 * @param payloadBytes as announced; nothing was looked at behind the head
 */
public record FrameHead(int opcode, boolean last, int headBytes, long payloadBytes) {
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    /** In the first byte of what we send: a whole message in one frame. */
    public static final int WHOLE = 0x80;

    /** It breaks the rules. */
    public static final FrameHead VIOLATION = new FrameHead(-1, true, 0, 0);

    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    /**
     * Reads the head at the position of {@code in} and consumes nothing; null: there is more to come.
     *
     * @param inMessage whether fragments of a message came and not yet its last one
     */
    public static @Nullable FrameHead read(ByteBuffer in, boolean inMessage) {
        if (in.remaining() < 2) {
            return null;
        }
        int at = in.position();
        int first = in.get(at) & 0xFF;
        int second = in.get(at + 1) & 0xFF;
        int opcode = first & 0x0F;
        boolean last = (first & WHOLE) != 0;
        int length = second & 0x7F;
        if ((first & RESERVED) != 0 || (second & MASKED) == 0 || !isInPlace(opcode, last, length, inMessage)) {
            return VIOLATION;
        }
        int lengthBytes = length == LONG_LENGTH ? Long.BYTES : length == SHORT_LENGTH ? Short.BYTES : 0;
        if (in.remaining() < 2 + lengthBytes) {
            return null;
        }
        long payloadBytes = switch (lengthBytes) {
            case Long.BYTES -> in.getLong(at + 2);
            case Short.BYTES -> in.getShort(at + 2) & 0xFFFF;
            default -> length;
        };
        boolean shortest = payloadBytes >= (lengthBytes == Long.BYTES ? 0x10000 : lengthBytes == 0 ? 0 : SHORT_LENGTH);
        return shortest ? new FrameHead(opcode, last, 2 + lengthBytes + MASK_BYTES, payloadBytes) : VIOLATION;
    }

    private static boolean isInPlace(int opcode, boolean last, int length, boolean inMessage) {
        return switch (opcode) {
            case CONTINUATION -> inMessage;
            case TEXT, BINARY -> !inMessage;
            case PING, PONG -> last && length < SHORT_LENGTH;
            case CLOSE -> last && length < SHORT_LENGTH && length != 1;
            default -> false;
        };
    }

    /** Whether the whole frame is there; called with {@link #payloadBytes} within a limit. */
    public boolean isWhole(ByteBuffer in) {
        return in.remaining() >= headBytes + payloadBytes;
    }

    /** Takes the mask off the payload, in its place, and answers it; the frame, which is whole, is consumed. */
    public ByteBuffer payload(ByteBuffer in) {
        int from = in.position() + headBytes;
        int end = from + (int) payloadBytes;
        int mask = in.getInt(from - MASK_BYTES);
        int i = from;
        for (; i + Integer.BYTES <= end; i += Integer.BYTES) {
            in.putInt(i, in.getInt(i) ^ mask);
        }
        for (; i < end; i++) {
            mask = Integer.rotateLeft(mask, Byte.SIZE);
            in.put(i, (byte) (in.get(i) ^ mask));
        }
        in.position(end);
        return in.slice(from, end - from);
    }

    /** Whether a close frame may say this: nothing, or a status that a client may use, and text. */
    public static boolean isFarewell(ByteBuffer payload) {
        if (payload.remaining() < Short.BYTES) {
            return !payload.hasRemaining();
        }
        int status = payload.getShort(payload.position()) & 0xFFFF;
        boolean known = (status >= 1000 && status <= 1003) || (status >= 1007 && status <= 1014) || status >= 3000;
        return known && isUtf8(payload.slice(payload.position() + Short.BYTES, payload.remaining() - Short.BYTES));
    }

    private static boolean isUtf8(ByteBuffer text) {
        try {
            CharBuffer _ = StandardCharsets.UTF_8.newDecoder().decode(text);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
