package io.longline.keeper.discovery;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** {@link Discovery} by ephemeral nodes {@code /longline/<cluster>/nodes/<service>/<instance>} in ZooKeeper. */
public final class ZkDiscovery implements Discovery, AutoCloseable {

    private final ZkSession session;
    private final Map<String, ZkFolder<Node>> services = new ConcurrentHashMap<>();

    public ZkDiscovery(ZkSession session) {
        this.session = session;
    }

    @Override
    public List<Node> nodes(String service) {
        return List.copyOf(folder(service).entries().values());
    }

    @Override
    public AutoCloseable watch(String service, Consumer<List<Node>> listener) {
        return folder(service).follow(entries -> listener.accept(List.copyOf(entries.values())));
    }

    @Override
    public boolean connected() {
        return session.connected() && services.values().stream().allMatch(ZkFolder::fresh);
    }

    @Override
    public List<Node> readNow(String service) {
        return ZkSession.call(() -> List.copyOf(folder(service).readNow().values()));
    }

    /**
     * Makes this process visible; returns when it is, however long ZooKeeper is away. A node that an earlier session left under its name
     * is replaced.
     */
    public Announcement announce(Node node) {
        ZkAnnouncement announcement = new ZkAnnouncement(session, node);
        announcement.start();
        return announcement;
    }

    /** Ends the watches, not the announcements. */
    @Override
    public void close() {
        services.values().forEach(ZkFolder::close);
    }

    private ZkFolder<Node> folder(String service) {
        return services.computeIfAbsent(service, name -> {
            ZkFolder<Node> folder = new ZkFolder<>(session, "/nodes/" + name, (instance, json) -> Node.fromJson(json));
            folder.start();
            return folder;
        });
    }
}
