package io.longline.room.it;

import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.room.RoomClocks;
import io.longline.room.RoomConfig;
import io.longline.room.RoomServer;
import io.longline.stores.EmbeddedZooKeeper;
import java.util.HashMap;
import java.util.Map;

/** One room in this process, with its surroundings. */
final class RoomWorld extends Surroundings {
    final RoomServer room;

    RoomWorld(EmbeddedZooKeeper store, Map<String, String> settings) {
        this(store, settings, new RoomClocks(System::currentTimeMillis, System::nanoTime));
    }

    RoomWorld(EmbeddedZooKeeper store, Map<String, String> settings, RoomClocks clocks) {
        super(store);
        room = parts.add(new RoomServer(config(store, cluster, settings), clocks).start());
        awaitRoom();
    }

    /** Of a room in a cluster. */
    static RoomConfig config(EmbeddedZooKeeper store, String cluster, Map<String, String> settings) {
        Map<String, String> flags = new HashMap<>(
                Map.of("room.listen", "0", "zookeeper.hosts", store.uri(), "cluster", cluster, "room.loops", "2"));
        flags.putAll(settings);
        ConfigReader reader =
                new ConfigReader(ConfigSource.builder().flags(flags).build());
        RoomConfig config = RoomConfig.read(reader);
        reader.finish();
        return config;
    }

    @Override
    String instance() {
        return room.instance();
    }

    @Override
    int linkPort() {
        return room.linkPort();
    }
}
