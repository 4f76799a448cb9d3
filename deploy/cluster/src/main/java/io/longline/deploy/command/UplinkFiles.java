package io.longline.deploy.command;

import io.longline.deploy.cluster.ClusterException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lines in files of one folder. The one that is written ends in {@code .part}; it gets its last name when it is large or old enough, and no
 * line of it changes after that. What a program before left is completed: a last line without its end was never told to be safe. By one thread.
 */
final class UplinkFiles implements AutoCloseable {
    private static final String PART = ".part";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final String prefix;
    private final Rotation rotation;
    private final InstantSource clock;
    private final FileChannel lockFile;
    private @Nullable Open open;

    /** When a file is complete. */
    record Rotation(long bytes, Duration age) {}

    private record Open(Path path, FileChannel channel, long sinceMs) {}

    /**
     * Makes the folder if need be, and completes what is there.
     *
     * @param prefix of all names
     */
    UplinkFiles(Path folder, String prefix, Rotation rotation, InstantSource clock) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.prefix = prefix;
        this.rotation = rotation;
        this.clock = clock;
        this.lockFile = lock(folder.resolve("." + prefix + ".lock"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path part : files.filter(this::isPart).sorted().toList()) {
                complete(part);
            }
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // another one of this process has it
        }
        channel.close();
        throw new ClusterException("another `longline uplinks` writes this group into " + path.getParent());
    }

    private boolean isPart(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(prefix + "-") && name.endsWith(PART);
    }

    /** Cuts what follows the last end of a line. */
    private void complete(Path part) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = endOfLastLine(channel);
            channel.truncate(end);
            channel.force(true);
            if (end == 0) {
                Files.delete(part);
                return;
            }
        }
        giveLastName(part);
    }

    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long at = channel.size(); at > 0; at--) {
            one.clear();
            int _ = channel.read(one, at - 1);
            if (one.get(0) == '\n') {
                return at;
            }
        }
        return 0;
    }

    private void giveLastName(Path part) throws IOException {
        String name = part.getFileName().toString();
        Files.move(part, folder.resolve(name.substring(0, name.length() - PART.length())));
        forceFolder();
    }

    private void forceFolder() throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** They are on the disk when this returns. Without the ends of lines. */
    void write(List<byte[]> lines) throws IOException {
        Open file = open == null ? begin() : open;
        for (byte[] line : lines) {
            ByteBuffer bytes = ByteBuffer.allocate(line.length + 1)
                    .put(line)
                    .put((byte) '\n')
                    .flip();
            while (bytes.hasRemaining()) {
                int _ = file.channel.write(bytes);
            }
        }
        file.channel.force(true);
        rotate();
    }

    private Open begin() throws IOException {
        long nowMs = clock.millis();
        String time = TIME.format(clock.instant());
        Path path = folder.resolve(prefix + "-" + time + ".jsonl" + PART);
        for (int i = 2; Files.exists(path) || Files.exists(folder.resolve(withoutPart(path))); i++) {
            path = folder.resolve(prefix + "-" + time + "-" + i + ".jsonl" + PART);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        forceFolder();
        Open file = new Open(path, channel, nowMs);
        open = file;
        return file;
    }

    private static String withoutPart(Path path) {
        String name = path.getFileName().toString();
        return name.substring(0, name.length() - PART.length());
    }

    /** Completes the file that is written, where it is large or old enough. */
    void rotate() throws IOException {
        Open file = open;
        if (file != null
                && (file.channel.size() >= rotation.bytes
                        || clock.millis() - file.sinceMs >= rotation.age.toMillis())) {
            end(file);
        }
    }

    private void end(Open file) throws IOException {
        open = null;
        file.channel.close();
        giveLastName(file.path);
    }

    /** Completes the last one. */
    @Override
    public void close() throws IOException {
        Open file = open;
        try {
            if (file != null) {
                end(file);
            }
        } finally {
            lockFile.close();
        }
    }
}
