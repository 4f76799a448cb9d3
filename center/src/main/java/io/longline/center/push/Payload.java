package io.longline.center.push;

import java.nio.charset.StandardCharsets;

/** What the app gets. Its size is counted as it arrives there. */
public sealed interface Payload {

    /** In bytes. */
    int size();

    record Text(String text) implements Payload {
        @Override
        public int size() {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /** The bytes are never changed after the construction. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Binary(byte[] bytes) implements Payload {
        @Override
        public int size() {
            return bytes.length;
        }
    }
}
