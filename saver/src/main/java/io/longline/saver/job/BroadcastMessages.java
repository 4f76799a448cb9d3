package io.longline.saver.job;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.rpc.v1.BroadcastProgress;
import io.longline.rpc.v1.RoomProgress;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What jobs have of a broadcast as generated messages, and back. */
final class BroadcastMessages {
    private static final long GREATEST_OFFSET = 1L << 53;
    private static final long MOST_SESSIONS = 1L << 40;
    /** As it stands in a column, between blanks. */
    private static final Pattern ROOM = Pattern.compile("[!-~]{1,160}");

    private BroadcastMessages() {}

    static BroadcastProgress of(Broadcast broadcast) {
        BroadcastProgress.Builder message = BroadcastProgress.newBuilder().setOffset(broadcast.offset());
        broadcast
                .rooms()
                .forEach((room, counts) -> message.putRooms(
                        room,
                        RoomProgress.newBuilder()
                                .setTargeted(counts.targeted())
                                .setSent(counts.sent())
                                .setAcked(counts.acked())
                                .setLeft(counts.left())
                                .build()));
        return message.build();
    }

    /** Of a new one. */
    static Broadcast fresh(io.longline.rpc.v1.Job message) {
        String topic = message.getTopic();
        if (topic.isEmpty()) {
            canary(message.getCanaryPermille(), 0);
            bytes("bytes_per_s", message.getBytesPerS(), 0);
            return Broadcast.NONE;
        }
        if (!Ids.require("topic", topic).startsWith("*")) {
            throw LonglineException.invalid("topic", "is " + topic + ", expected one that begins with *");
        }
        ByteRate bytes = new ByteRate(
                bytesPerS(message.getBytesPerS()), bytes("bytes_each", message.getBytesEach(), Integer.MAX_VALUE));
        return Broadcast.fresh(topic, canary(message.getCanaryPermille()), bytes);
    }

    static int canary(int permille) {
        return canary(permille, Broadcast.EVERYBODY);
    }

    private static int canary(int permille, int most) {
        return (int) JobMessages.number("canary_permille", Integer.toUnsignedLong(permille), most);
    }

    static int bytesPerS(int perS) {
        return bytes("bytes_per_s", perS, Integer.MAX_VALUE);
    }

    private static int bytes(String field, int unsigned, int most) {
        return (int) JobMessages.number(field, Integer.toUnsignedLong(unsigned), most);
    }

    static long offset(BroadcastProgress message) {
        return JobMessages.number("broadcast.offset", message.getOffset(), GREATEST_OFFSET);
    }

    static Map<String, RoomCounts> rooms(BroadcastProgress message) {
        if (message.getRoomsCount() > RoomCounts.MOST_ROOMS) {
            throw LonglineException.invalid("broadcast.rooms", "expected at most " + RoomCounts.MOST_ROOMS);
        }
        Map<String, RoomCounts> rooms = new HashMap<>();
        message.getRoomsMap().forEach((room, counts) -> {
            if (!ROOM.matcher(room).matches()) {
                throw LonglineException.invalid(
                        "broadcast.rooms", "expected names of 1 to 160 printable ASCII without space");
            }
            rooms.put(
                    room,
                    new RoomCounts(
                            sessions(counts.getTargeted()),
                            sessions(counts.getSent()),
                            sessions(counts.getAcked()),
                            sessions(counts.getLeft())));
        });
        return rooms;
    }

    private static long sessions(long count) {
        return JobMessages.number("broadcast.rooms", count, MOST_SESSIONS);
    }
}
