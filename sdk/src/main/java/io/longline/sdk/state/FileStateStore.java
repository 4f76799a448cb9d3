package io.longline.sdk.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The state in a file that is appended to: a line a change, {@code <crc32> <finished> <handling> <endpoint>}, the newest line of an
 * endpoint counts. A line that was torn, by a full disk or a killed process, fails its checksum and is skipped, so the one before it
 * counts. A long file is written anew beside itself and renamed.
 *
 * <p>What was written survives the death of the process. It is not forced to the disk, which would cost more than a message does: after
 * the machine itself died, the messages of its last seconds may come again, unmarked.
 */
public final class FileStateStore implements StateStore {
    private static final int REWRITE_BYTES = 64 * 1024;

    private final Path file;
    private final Map<String, Position> positions = new HashMap<>();
    private long bytes;
    private long rewriteAtBytes = REWRITE_BYTES;

    private static final class Position {
        private final long finished;
        private final long handling;

        Position(long finished, long handling) {
            this.finished = finished;
            this.handling = handling;
        }
    }

    /**
     * Reads the file; where there is none, it is made with the first message, and its folder now.
     *
     * @throws UncheckedIOException where the file cannot be read or the folder cannot be made
     */
    public FileStateStore(Path file) {
        this.file = file;
        load();
    }

    @Override
    public synchronized long finished(String endpoint) {
        return position(endpoint).finished;
    }

    @Override
    public synchronized long handling(String endpoint) {
        return position(endpoint).handling;
    }

    @Override
    public synchronized void begin(String endpoint, long seq) {
        record(endpoint, new Position(position(endpoint).finished, seq));
    }

    @Override
    public synchronized void finish(String endpoint, long seq) {
        record(endpoint, new Position(seq, 0));
    }

    private Position position(String endpoint) {
        Position known = positions.get(endpoint);
        return known == null ? new Position(0, 0) : known;
    }

    private void record(String endpoint, Position position) {
        Position before = position(endpoint);
        positions.put(endpoint, position);
        try {
            if (bytes > rewriteAtBytes) {
                rewrite();
            } else {
                append(line(endpoint, position));
            }
        } catch (IOException e) {
            positions.put(endpoint, before);
            throw new UncheckedIOException("cannot record the state in " + file, e);
        }
    }

    private void append(String line) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            write(out, line);
            bytes = out.size();
        }
    }

    private void rewrite() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, Position> entry : positions.entrySet()) {
            lines.append(line(entry.getKey(), entry.getValue()));
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(out, lines.toString());
            out.force(true);
            bytes = out.size();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        rewriteAtBytes = Math.max(REWRITE_BYTES, 2 * bytes);
    }

    private void load() {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (Files.exists(file)) {
                byte[] content = Files.readAllBytes(file);
                bytes = content.length;
                for (String line : new String(content, StandardCharsets.UTF_8).split("\n", -1)) {
                    read(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the state in " + file, e);
        }
    }

    private void read(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4 || !words[0].equals(checksum(line.substring(line.indexOf(' '))))) {
            return;
        }
        positions.put(words[3], new Position(Long.parseLong(words[1]), Long.parseLong(words[2])));
    }

    /** Begins with a line break too, so that a torn line before it stays by itself. */
    private static String line(String endpoint, Position position) {
        String content = " " + position.finished + " " + position.handling + " " + endpoint;
        return "\n" + checksum(content) + content + "\n";
    }

    private static String checksum(String content) {
        CRC32 crc = new CRC32();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private static void write(FileChannel out, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
