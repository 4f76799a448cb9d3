package io.longline.room;

import io.longline.keeper.admin.AdminConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.PublicAddress;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.rpc.RpcConfig;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.door.DoorConfig;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * All that a room can be told.
 *
 * @param instance its name among the rooms of the cluster
 * @param advertiseHost under which the other services reach it
 * @param addresses where clients reach it; empty: {@code advertiseHost} at each port it listens on
 * @param weight its share of clients; 100 is usual
 * @param limits of what it holds
 * @param waits for others
 * @param broadcastBytesPerS that it sends of all broadcasts together; 0: any number
 * @param door who is let in; the only part that can change while the room runs
 * @param loseHints a fault switch for tests: so many hints are neither handled nor answered
 */
public record RoomConfig(
        String instance,
        String advertiseHost,
        List<PublicAddress> addresses,
        String region,
        int weight,
        Limits limits,
        Waits waits,
        long broadcastBytesPerS,
        int loseHints,
        LinkConfig links,
        DoorConfig door,
        RpcConfig rpc,
        AdminConfig admin,
        ZkConfig zookeeper) {

    /**
     * How much a room takes.
     *
     * @param sessions that may be bound at a time, shared out evenly to the event loops
     * @param handshakes under way at a time; more of them wait for their turn
     * @param handshakesOrWaiting a {@code hello} beyond it is told 3003
     * @param handshakeWait whoever has waited longer for its turn is told 3003
     * @param sessionsPerLink a bind beyond it is told 3507
     * @param pingsPerMinute on a link; one beyond it is told 3507
     * @param requestsPerMinute on a link, all frames but acks, binds, pings and uplinks that are taken; beyond it nothing is read before the next minute
     */
    public record Limits(
            int sessions,
            int handshakes,
            int handshakesOrWaiting,
            Duration handshakeWait,
            int sessionsPerLink,
            int pingsPerMinute,
            int requestsPerMinute) {}

    /**
     * How long others are waited for.
     *
     * @param answer of register and saver: by a bind from its turn on, and by a call before it is made again
     * @param load a hint that needs one is answered with {@code QUEUED} after that
     */
    public record Waits(Duration answer, Duration load) {}

    /** Throws {@link io.longline.keeper.config.ConfigException} with everything that is wrong. */
    static RoomConfig read(ConfigSource source) {
        ConfigReader reader = new ConfigReader(source);
        RoomConfig config = read(reader);
        reader.finish();
        return config;
    }

    /** Errors are the reader's to tell, all at once: {@link ConfigReader#finish}. */
    public static RoomConfig read(ConfigReader reader) {
        return new RoomConfig(
                reader.text("instance", "room-" + UUID.randomUUID().toString().substring(0, 6)),
                reader.text("advertise.host", "127.0.0.1"),
                Addresses.read(reader),
                reader.text("room.region", ""),
                reader.integer("room.weight", 100, 1, 10_000),
                new Limits(
                        reader.integer("room.max-sessions", 1_000_000, 1, 100_000_000),
                        reader.integer("room.handshakes-at-once", 256, 1, 1_000_000),
                        reader.integer("room.max-handshakes", 20_000, 1, 1_000_000),
                        reader.duration("room.handshake-wait", "10s"),
                        reader.integer("room.max-sessions-per-link", 64, 1, 10_000),
                        reader.integer("room.max-pings-per-minute", 3_000, 1, 1_000_000_000),
                        reader.integer("room.max-requests-per-minute", 3_000, 1, 1_000_000_000)),
                new Waits(reader.duration("room.answer-wait", "2s"), reader.duration("room.load-wait", "500ms")),
                reader.size("room.broadcast-bytes-per-s", "0B"),
                reader.integer("room.fault.lose-hints", 0, 0, Integer.MAX_VALUE),
                LinkConfig.read(reader),
                DoorConfig.read(reader),
                RpcConfig.read(reader),
                AdminConfig.read(reader),
                ZkConfig.read(reader));
    }
}
