package io.longline.room.it;

import io.longline.keeper.config.ConfigSource;
import io.longline.room.RoomClocks;
import io.longline.room.RoomServer;
import io.longline.room.transport.LinkKind;
import io.longline.stores.EmbeddedZooKeeper;
import io.netty.channel.epoll.Epoll;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One room in this process, with its surroundings. */
final class RoomWorld extends Surroundings {
    /** Of tests that are run with one kind of links: {@code -Dlongline.test.links=channel} takes the other. */
    static final String USUAL_LINKS = System.getProperty(
            "longline.test.links", linkKinds().getLast().name().toLowerCase(Locale.ROOT));

    final RoomServer room;

    RoomWorld(EmbeddedZooKeeper store, Map<String, String> settings) {
        this(store, settings, new RoomClocks(System::currentTimeMillis, System::nanoTime));
    }

    /** As the other one, with links of this kind. */
    RoomWorld(EmbeddedZooKeeper store, LinkKind kind, Map<String, String> settings) {
        this(store, with(settings, "room.links", kind.name().toLowerCase(Locale.ROOT)));
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> all = new HashMap<>(settings);
        all.put(key, value);
        return all;
    }

    /** What can be had on this machine. */
    static List<LinkKind> linkKinds() {
        return Epoll.isAvailable() ? List.of(LinkKind.values()) : List.of(LinkKind.CHANNEL);
    }

    RoomWorld(EmbeddedZooKeeper store, Map<String, String> settings, RoomClocks clocks) {
        super(store);
        room = parts.add(new RoomServer(config(store, cluster, settings), clocks).start());
        awaitRoom();
    }

    /** Of a room in a cluster. */
    static ConfigSource config(EmbeddedZooKeeper store, String cluster, Map<String, String> settings) {
        Map<String, String> flags = new HashMap<>(
                Map.of("room.listen", "0", "zookeeper.hosts", store.uri(), "cluster", cluster, "room.loops", "2"));
        flags.put("room.links", USUAL_LINKS);
        // Whoever looks at what happens when these are over sets them; all others do not depend on how busy the machine
        // is.
        flags.put("room.answer-wait", "30s");
        flags.put("room.load-wait", "30s");
        flags.putAll(settings);
        return ConfigSource.builder().flags(flags).build();
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
