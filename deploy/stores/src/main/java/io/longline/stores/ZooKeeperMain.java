package io.longline.stores;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** An {@link EmbeddedZooKeeper} as a process of its own: {@code ZooKeeperMain DIRECTORY PORT}, until SIGTERM. */
final class ZooKeeperMain {

    private ZooKeeperMain() {}

    public static void main(String[] args) throws InterruptedException {
        EmbeddedZooKeeper server = EmbeddedZooKeeper.in(Path.of(args[0]), Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop"));
        server.start();
        new CountDownLatch(1).await();
    }
}
