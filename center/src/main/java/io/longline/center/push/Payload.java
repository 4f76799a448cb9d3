package io.longline.center.push;

import java.nio.charset.StandardCharsets;

/** What the app gets. Its size is counted as it arrives there; {@link #NONE} where it gets none. */
public sealed interface Payload {

    Payload NONE = new None();

    /** In bytes. */
    int size();

    record Text(String text) implements Payload {
        @Override
        public int size() {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    record None() implements Payload {
        @Override
        public int size() {
            return 0;
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
