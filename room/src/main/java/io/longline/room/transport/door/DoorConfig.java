package io.longline.room.transport.door;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.net.Networks;

/**
 * Who is let in; changes take effect while the room runs, for those who come afterwards.
 *
 * @param connections at a time, beyond them a client is told 3003; 0: as many as the limit of open files leaves
 * @param connectionsPerAddress at a time; 0: any number
 * @param connectsPerAddress a second, and that many at once; 0: any number
 * @param allow who may come; empty: everybody
 * @param deny who may not, allowed or not
 */
public record DoorConfig(
        int connections, int connectionsPerAddress, int connectsPerAddress, Networks allow, Networks deny) {
    /** What any of the counts may be. */
    public static final int MOST = 10_000_000;

    public static DoorConfig read(ConfigReader reader) {
        return new DoorConfig(
                reader.integer("room.max-connections", 0, 0, MOST),
                reader.integer("room.max-connections-per-address", 0, 0, MOST),
                reader.integer("room.max-connects-per-address", 0, 0, MOST),
                Networks.read(reader, "room.allow"),
                Networks.read(reader, "room.deny"));
    }

    boolean asksForAddress() {
        return connectionsPerAddress > 0 || connectsPerAddress > 0 || !allow.isEmpty() || !deny.isEmpty();
    }
}
