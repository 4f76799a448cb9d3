package io.longline.room.fake;

import io.longline.keeper.net.Networks;
import io.longline.room.RoomMetrics;
import io.longline.room.transport.door.Door;
import io.longline.room.transport.door.DoorConfig;
import java.util.List;

/** Doors for parts of a room. */
public final class Doors {
    private static final Networks NONE = new Networks(List.of());
    private static final int FILES = 1_000_000;

    private Doors() {}

    /** Lets in so many, whoever they are. */
    public static Door taking(int connections, RoomMetrics metrics) {
        return new Door(new DoorConfig(connections, 0, 0, NONE, NONE), FILES, metrics);
    }
}
