package io.longline.room.session;

import org.jspecify.annotations.Nullable;

/** How large messages are at most in a frame, however it is written. Pure. */
public final class PushSizes {
    /** Names, numbers and marks of the JSON form, with all fields. */
    private static final int FIELDS = 256;

    private static final int ESCAPED = 6; // a character below a space, in JSON

    private PushSizes() {}

    /** Bytes of one in a {@code pushes}, in protobuf or JSON, whichever is more. */
    public static int most(Message message, String topic) {
        return FIELDS
                + most(message.id())
                + most(topic)
                + most(message.text())
                + 4 * Math.ceilDiv(message.data().size(), 3)
                + most(message.collapseKey())
                + most(message.inReplyTo())
                + most(message.pullKey());
    }

    /** The same without a look at each character: up to six times as much. */
    public static int roughly(Message message, String topic) {
        int payload = length(message.text()) + message.data().size();
        int texts = length(message.collapseKey()) + length(message.inReplyTo()) + length(message.pullKey());
        return FIELDS + ESCAPED * (payload + texts + length(message.id()) + topic.length());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static int most(@Nullable String text) {
        int bytes = 0;
        for (int i = 0; text != null && i < text.length(); i++) {
            bytes += most(text.charAt(i));
        }
        return bytes;
    }

    private static int most(char c) {
        if (c < ' ') {
            return ESCAPED;
        }
        if (c == '"' || c == '\\') {
            return 2;
        }
        return c < 0x80 ? 1 : 3; // half of a surrogate pair is 2 of 4 bytes
    }
}
