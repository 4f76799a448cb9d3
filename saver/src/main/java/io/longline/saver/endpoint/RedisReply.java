package io.longline.saver.endpoint;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The list that a script answers, read by position, and the bytes it is given. Ids are ASCII, a message is any bytes. */
public record RedisReply(List<Object> items) {
    private static final int LONGEST_NODE = 40;

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    /** The name of a node, as it is noted of a message. A hash whose values are longer than 64 bytes takes Redis several times the memory. */
    public static byte[] node(String name) {
        return bytes(name.substring(0, Math.min(name.length(), LONGEST_NODE)));
    }

    public int size() {
        return items.size();
    }

    public long number(int index) {
        return (Long) items.get(index);
    }

    /** A number that the script passed on as the text it found. */
    public long decimal(int index) {
        return Long.parseLong(text(index));
    }

    public String text(int index) {
        return new String((byte[]) items.get(index), StandardCharsets.UTF_8);
    }

    public ByteString raw(int index) {
        return ByteString.copyFrom((byte[]) items.get(index));
    }

    public RedisReply list(int index) {
        if (items.get(index) instanceof List<?> inner) {
            return new RedisReply(List.copyOf(inner));
        }
        throw new IllegalStateException("a script answered no list at " + index);
    }

    public RedisReply from(int index) {
        return new RedisReply(items.subList(index, items.size()));
    }

    /** What stands there in groups of so many, each given by the position of its first. */
    public <T> List<T> each(int size, IntFunction<T> group) {
        return IntStream.range(0, items.size() / size)
                .mapToObj(i -> group.apply(i * size))
                .toList();
    }
}
