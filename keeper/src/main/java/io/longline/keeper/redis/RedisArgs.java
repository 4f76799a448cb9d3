package io.longline.keeper.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The arguments of a script, in its order. Not thread-safe; made for one call. */
public final class RedisArgs {
    private final List<byte[]> args = new ArrayList<>();

    /** Bytes as they are, all else as its text in UTF-8. */
    public static RedisArgs of(Object... values) {
        return new RedisArgs().and(values);
    }

    /** These after the others. */
    public RedisArgs and(Object... values) {
        for (Object value : values) {
            args.add(value instanceof byte[] bytes ? bytes : value.toString().getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    public List<byte[]> list() {
        return List.copyOf(args);
    }
}
