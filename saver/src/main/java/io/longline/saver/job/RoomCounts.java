package io.longline.saver.job;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a broadcast has come in one room, in sessions.
 *
 * @param left that are still to have it
 */
record RoomCounts(long targeted, long sent, long acked, long left) {
    /** Of one broadcast; rooms that are told of beyond that are not noted. */
    static final int MOST_ROOMS = 1_000;

    /** What is told later, or was told earlier and comes late: of what only grows the greater counts. */
    private RoomCounts and(RoomCounts later) {
        return new RoomCounts(
                Math.max(targeted, later.targeted),
                Math.max(sent, later.sent),
                Math.max(acked, later.acked),
                later.left);
    }

    /** By "instance/incarnation"; those of whom nothing new is told stay. */
    static SortedMap<String, RoomCounts> merged(Map<String, RoomCounts> known, Map<String, RoomCounts> told) {
        SortedMap<String, RoomCounts> rooms = new TreeMap<>(known);
        new TreeMap<>(told).forEach((room, counts) -> {
            if (rooms.containsKey(room) || rooms.size() < MOST_ROOMS) {
                rooms.merge(room, counts, RoomCounts::and);
            }
        });
        return rooms;
    }

    /** {@code room-1/5=90,80,70,10 room-2/3=...}, as it stands in the table. */
    static String text(Map<String, RoomCounts> rooms) {
        return rooms.entrySet().stream()
                .map(room -> room.getKey() + "=" + room.getValue().text())
                .collect(Collectors.joining(" "));
    }

    private String text() {
        return targeted + "," + sent + "," + acked + "," + left;
    }

    static SortedMap<String, RoomCounts> parse(String text) {
        SortedMap<String, RoomCounts> rooms = new TreeMap<>();
        for (String one : text.split(" ", -1)) {
            int equals = one.lastIndexOf('=');
            if (equals > 0) {
                List<Long> counts = Stream.of(one.substring(equals + 1).split(",", -1))
                        .map(Long::valueOf)
                        .toList();
                rooms.put(
                        one.substring(0, equals),
                        new RoomCounts(counts.get(0), counts.get(1), counts.get(2), counts.get(3)));
            }
        }
        return rooms;
    }
}
