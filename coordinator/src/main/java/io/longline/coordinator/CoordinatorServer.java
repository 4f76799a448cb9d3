package io.longline.coordinator;

import io.longline.coordinator.events.EventFlow;
import io.longline.coordinator.events.SessionClient;
import io.longline.keeper.life.ServiceFrame;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Peers;
import java.time.InstantSource;
import java.util.Optional;

/** One coordinator. Its start order is {@link #open}. */
public final class CoordinatorServer implements AutoCloseable {
    private final ServiceFrame frame;
    private final RedisStore redis;
    private final Peers rooms;
    private final EventFlow events;

    public CoordinatorServer(CoordinatorConfig config) {
        this.frame = new ServiceFrame("coordinator", config.service(), InstantSource.system());
        this.redis = new RedisStore(config.redis(), frame.registry());
        this.rooms = new Peers("room", frame.discovery(), config.rpc(), frame.registry());
        this.events = EventFlow.onRedis(
                redis,
                new SessionClient(rooms, frame.discovery()),
                config.events(),
                new CoordinatorMetrics(frame.registry()));
        frame.health().require("redis", this::redisProblem);
    }

    /** Opens everything, announces itself last; what is open is closed again if something fails. */
    public void start() {
        frame.start(this::open, () -> frame.node("", ""));
    }

    private void open() {
        frame.add(redis).start();
        frame.add(rooms).start();
        frame.add(events).start();
    }

    private Optional<String> redisProblem() {
        return redis.connected() ? Optional.empty() : Optional.of("not connected");
    }

    public int adminPort() {
        return frame.adminPort();
    }

    @Override
    public void close() {
        frame.close();
    }
}
