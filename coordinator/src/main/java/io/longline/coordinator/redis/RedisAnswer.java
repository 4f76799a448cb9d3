package io.longline.coordinator.redis;

import java.nio.charset.StandardCharsets;

/** Parts of what a script answers. */
public final class RedisAnswer {
    private RedisAnswer() {}

    /** Numbers beyond what Lua gives exactly come as text. */
    public static long number(Object part) {
        return part instanceof Long number ? number : Long.parseLong(text(part));
    }

    /** Of bytes in UTF-8. */
    public static String text(Object part) {
        return new String((byte[]) part, StandardCharsets.UTF_8);
    }
}
