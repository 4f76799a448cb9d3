package io.longline.keeper.life;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.live.ZkConfigNode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process around one service: reads where its configuration is, starts it, and closes it on SIGTERM. What goes wrong
 * before it runs is told on standard error, every error of the configuration at once, and ends the process with code 1.
 */
public final class ServiceProcess {
    /** How long a service may take to close; then the process ends all the same. */
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);

    /** How long ZooKeeper may take to connect. */
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(15);

    /** Likewise, where what is known without it is wrong already: only it could say that it is not. */
    private static final Duration CONNECT_IN_DOUBT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /**
     * Runs until the process is told to end. Arguments: {@code --config FILE}, and {@code --key=value} for any key.
     *
     * @param read makes the service's configuration; throws {@link ConfigException} with everything that is wrong
     * @param start starts the service
     */
    public static <C> void run(
            String name, String[] args, Function<ConfigSource, C> read, Function<C, ? extends AutoCloseable> start) {
        JavaLogging.bridge();
        LifeCycle life = new LifeCycle();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(name, life), name + "-closing"));
        try {
            life.add(start.apply(configuration(name, args, read)));
        } catch (ConfigException e) {
            exit(name + " was not started, " + e.getMessage());
        } catch (Exception e) {
            log.error("{} could not be started", name, e);
            exit(name + " could not be started: " + e.getMessage());
        }
        log.info("started service={}", name);
        untilKilled();
    }

    /**
     * Of all four layers; ZooKeeper's is read over a connection of its own, as where it is stands in the others. They are looked at
     * first, so that what is wrong in them is told whether ZooKeeper is there or not.
     */
    private static <C> C configuration(String name, String[] args, Function<ConfigSource, C> read) {
        ConfigSource local = ProcessArguments.parse(args).source(System.getenv());
        ConfigException wrong = problems(local, read);
        try (ZkSession session = new ZkSession(ZkConfig.read(new ConfigReader(local)))) {
            session.start(wrong == null ? CONNECT_WITHIN : CONNECT_IN_DOUBT);
            return read.apply(local.withZookeeper(new ZkConfigNode(session, name).read()));
        } catch (LonglineException e) {
            throw wrong == null ? e : wrong;
        }
    }

    private static @Nullable ConfigException problems(ConfigSource source, Function<ConfigSource, ?> read) {
        try {
            var _ = read.apply(source);
            return null;
        } catch (ConfigException e) {
            return e;
        }
    }

    private static void close(String name, LifeCycle life) {
        Thread closing = Thread.ofPlatform().daemon().name(name + "-close").start(life::close);
        try {
            if (!closing.join(CLOSE_WITHIN)) {
                log.warn("{} did not close within {} s", name, CLOSE_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void untilKilled() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void exit(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
