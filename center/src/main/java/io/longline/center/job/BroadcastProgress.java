package io.longline.center.job;

import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How far a broadcast has come.
 *
 * @param offset in the log of its topic; 0: it is not there yet
 * @param rooms by instance and incarnation
 */
public record BroadcastProgress(long offset, Map<String, RoomProgress> rooms) {
    public static final BroadcastProgress NONE = new BroadcastProgress(0, Map.of());

    /** Between instance and incarnation, in which it never stands. */
    private static final String SLASH = "/";

    public BroadcastProgress {
        rooms = Map.copyOf(rooms);
    }

    /** Names one start of a room. */
    public static String room(String instance, long incarnation) {
        return instance + SLASH + incarnation;
    }

    /** The instance of such a name. */
    public static String instance(String room) {
        int end = room.lastIndexOf(SLASH);
        return end < 0 ? room : room.substring(0, end);
    }

    /** Of all rooms together. */
    public long sum(ToLongFunction<RoomProgress> number) {
        return rooms.values().stream().mapToLong(number).sum();
    }
}
