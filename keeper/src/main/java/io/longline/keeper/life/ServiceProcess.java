package io.longline.keeper.life;

import io.longline.keeper.config.ConfigException;
import io.longline.keeper.config.ConfigReader;
import io.longline.keeper.config.ConfigSource;
import io.longline.keeper.discovery.ZkConfig;
import io.longline.keeper.discovery.ZkSession;
import io.longline.keeper.live.ZkConfigNode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process around one service: reads where its configuration is, starts it, and closes it on SIGTERM. What goes wrong
 * before it runs is told on standard error, every error of the configuration at once, and ends the process with code 1.
 */
public final class ServiceProcess {
    /** How long a service may take to close; then the process ends all the same. */
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);

    private static final Logger log = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /** Runs until the process is told to end. Arguments: {@code --config FILE}, and {@code --key=value} for any key. */
    public static void run(String name, String[] args, Function<ConfigSource, ? extends AutoCloseable> start) {
        JavaLogging.bridge();
        LifeCycle life = new LifeCycle();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(name, life), name + "-closing"));
        try {
            life.add(start.apply(configuration(name, args)));
        } catch (ConfigException e) {
            exit(name + " was not started, " + e.getMessage());
        } catch (Exception e) {
            log.error("{} could not be started", name, e);
            exit(name + " could not be started: " + e.getMessage());
        }
        log.info("started service={}", name);
        untilKilled();
    }

    /** All four layers; ZooKeeper's is read over a connection of its own, as where it is stands in the others. */
    private static ConfigSource configuration(String name, String[] args) {
        ConfigSource local = ProcessArguments.parse(args).source(System.getenv());
        try (ZkSession session = new ZkSession(ZkConfig.read(new ConfigReader(local)))) {
            session.start();
            return local.withZookeeper(new ZkConfigNode(session, name).read());
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
