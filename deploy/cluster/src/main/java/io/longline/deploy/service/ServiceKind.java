package io.longline.deploy.service;

import io.longline.center.CenterConfig;
import io.longline.center.CenterServer;
import io.longline.coordinator.CoordinatorConfig;
import io.longline.coordinator.CoordinatorServer;
import io.longline.dispatcher.DispatcherConfig;
import io.longline.dispatcher.DispatcherServer;
import io.longline.dispatcher.dispatch.DispatchConfig;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.register.RegisterConfig;
import io.longline.register.RegisterServer;
import io.longline.room.RoomConfig;
import io.longline.room.RoomServer;
import io.longline.room.transport.door.DoorConfig;
import io.longline.saver.SaverConfig;
import io.longline.saver.SaverServer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The services, in the order of their admin ports in a local cluster. */
public enum ServiceKind {
    DISPATCHER("dispatcher.port", DispatcherConfig::read, DispatchConfig::read) {
        @Override
        public Server start(ConfigSource source) {
            DispatcherServer server = new DispatcherServer(source);
            server.start();
            return new Server(server.httpPort(), server.adminPort(), server);
        }
    },
    REGISTER(null, RegisterConfig::read) {
        @Override
        public Server start(ConfigSource source) {
            RegisterServer server = new RegisterServer(read(source, RegisterConfig::read));
            server.start();
            return new Server(0, server.adminPort(), server);
        }
    },
    SAVER(null, SaverConfig::read) {
        @Override
        public Server start(ConfigSource source) {
            SaverServer server = new SaverServer(read(source, SaverConfig::read));
            server.start();
            return new Server(0, server.adminPort(), server);
        }
    },
    COORDINATOR(null, CoordinatorConfig::read) {
        @Override
        public Server start(ConfigSource source) {
            CoordinatorServer server = new CoordinatorServer(read(source, CoordinatorConfig::read));
            server.start();
            return new Server(0, server.adminPort(), server);
        }
    },
    CENTER("center.port", CenterConfig::read, CenterConfig::readOperatorSecret) {
        @Override
        public Server start(ConfigSource source) {
            CenterServer server = new CenterServer(read(source, CenterConfig::read));
            server.start();
            return new Server(server.httpPort(), server.adminPort(), server);
        }
    },
    ROOM("room.listen", RoomConfig::read, DoorConfig::read) {
        @Override
        public Server start(ConfigSource source) {
            RoomServer server = new RoomServer(source);
            server.start();
            return new Server(server.linkPort(), server.adminPort(), server);
        }
    };

    private final Optional<String> portKey;

    @SuppressWarnings("ImmutableEnumChecker") // a method, without any state
    private final Function<ConfigReader, ?> config;

    @SuppressWarnings("ImmutableEnumChecker") // likewise
    private final Function<ConfigReader, ?> live;

    ServiceKind(@Nullable String portKey, Function<ConfigReader, ?> config) {
        this(portKey, config, _ -> Optional.empty());
    }

    ServiceKind(@Nullable String portKey, Function<ConfigReader, ?> config, Function<ConfigReader, ?> live) {
        this.portKey = Optional.ofNullable(portKey);
        this.config = config;
        this.live = live;
    }

    /**
     * A started instance.
     *
     * @param port for clients or back ends; 0 for a service without
     * @param handle closes it
     */
    public record Server(int port, int adminPort, AutoCloseable handle) {}

    /** Starts an instance in this process. Throws ConfigException with every error of its configuration. */
    public abstract Server start(ConfigSource source);

    /** The same source, if an instance can be started with it; throws ConfigException with every error. */
    public ConfigSource checked(ConfigSource source) {
        var _ = read(source, config);
        return source;
    }

    /** The keys of its configuration that take effect while it runs; the others do when it is started again. */
    public Set<String> liveKeys() {
        ConfigReader reader = new ConfigReader(ConfigSource.builder().build());
        var _ = live.apply(reader);
        return reader.keys();
    }

    private static <C> C read(ConfigSource source, Function<ConfigReader, C> type) {
        ConfigReader reader = new ConfigReader(source);
        C config = type.apply(reader);
        reader.finish();
        return config;
    }

    /** The configuration key of the port for clients or back ends, where the service has one. */
    Optional<String> portKey() {
        return portKey;
    }

    /** Whether other services call it over gRPC. */
    public boolean isCalled() {
        return this == REGISTER || this == SAVER || this == COORDINATOR || this == ROOM;
    }

    /** Its name in commands and in ZooKeeper: {@code room}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ServiceKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
