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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The state in a file that is appended to: a line a change, {@code <crc32> <finished> <handling> <endpoint>}, the highest {@code finished} of an
 * endpoint counts, and the newest {@code handling} above it; or {@code <crc32> pull <seq> <endpoint> <what is kept, or ->}, the newest of an endpoint's seq counts. A line that was torn, by a full disk or a killed process, fails its checksum and is skipped, so the one before it
 * counts. A long file is written anew beside itself and renamed.
 *
 * <p>Several stores may share a file, in one process or in several, as long as each endpoint is used through one of them at a time. They write
 * in turn, by a lock on a file beside it, {@code <file>.lock}.
 *
 * <p>What was written survives the death of the process. It is not forced to the disk, which would cost more than a message does: after
 * the machine itself died, the messages of its last seconds may come again, unmarked.
 */
public final class FileStateStore implements StateStore {
    private static final int REWRITE_BYTES = 64 * 1024;
    private static final String PULL = "pull";
    private static final String NONE = "-";

    /** A lock on a file is one of the whole process; among its own stores this decides. */
    private static final Object WRITING = new Object();

    private final Path file;
    private final Path lock;
    private final Map<String, Position> positions = new HashMap<>();
    private final Map<String, SortedMap<Long, String>> pulls = new HashMap<>();
    private long bytes;
    private long rewriteAtBytes = REWRITE_BYTES;

    private static final class Position {
        private final long finished;
        private final long handling;

        Position(long finished, long handling) {
            this.finished = finished;
            this.handling = handling;
        }

        Position and(Position later) {
            long most = Math.max(finished, later.finished);
            long begun = later.handling != 0 ? later.handling : handling;
            return new Position(most, begun > most ? begun : 0);
        }
    }

    /**
     * Reads the file; where there is none, it is made with the first message, and its folder now.
     *
     * @throws UncheckedIOException where the file cannot be read or the folder cannot be made
     */
    public FileStateStore(Path file) {
        this.file = file;
        this.lock = file.resolveSibling(file.getFileName() + ".lock");
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
        record(endpoint, new Position(0, seq));
    }

    @Override
    public synchronized void finish(String endpoint, long seq) {
        record(endpoint, new Position(seq, 0));
    }

    @Override
    public synchronized SortedMap<Long, String> pulls(String endpoint) {
        return new TreeMap<>(kept(endpoint));
    }

    @Override
    public synchronized void keepPull(String endpoint, long seq, String pull) {
        record(endpoint, seq, pull);
    }

    @Override
    public synchronized void forgetPull(String endpoint, long seq) {
        if (kept(endpoint).containsKey(seq)) {
            record(endpoint, seq, NONE);
        }
    }

    private SortedMap<Long, String> kept(String endpoint) {
        return pulls.computeIfAbsent(endpoint, any -> new TreeMap<>());
    }

    private void record(String endpoint, long seq, String pull) {
        record(line(endpoint, seq, pull));
        set(endpoint, seq, pull);
    }

    private void set(String endpoint, long seq, String pull) {
        if (pull.equals(NONE)) {
            kept(endpoint).remove(seq);
        } else {
            kept(endpoint).put(seq, pull);
        }
    }

    private Position position(String endpoint) {
        Position known = positions.get(endpoint);
        return known == null ? new Position(0, 0) : known;
    }

    private void record(String endpoint, Position change) {
        record(line(endpoint, position(endpoint).and(change)));
        set(endpoint, change);
    }

    private void set(String endpoint, Position change) {
        positions.put(endpoint, position(endpoint).and(change));
    }

    /** An app may leave its thread interrupted, and what an interrupted thread opens here is closed at once. */
    private void record(String line) {
        boolean interrupted = Thread.interrupted();
        try {
            write(line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot record the state in " + file, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(String line) throws IOException {
        synchronized (WRITING) {
            try (FileChannel turn = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                turn.lock();
                if (bytes > rewriteAtBytes) {
                    rewrite();
                }
                append(line);
            }
        }
    }

    private void append(String line) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            write(out, line);
            bytes = out.size();
        }
    }

    /** Reads it before, because other stores may have written to it too. */
    private void rewrite() throws IOException {
        read();
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, Position> entry : positions.entrySet()) {
            lines.append(line(entry.getKey(), entry.getValue()));
        }
        for (Map.Entry<String, SortedMap<Long, String>> ofEndpoint : pulls.entrySet()) {
            for (Map.Entry<Long, String> entry : ofEndpoint.getValue().entrySet()) {
                lines.append(line(ofEndpoint.getKey(), entry.getKey(), entry.getValue()));
            }
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
            read();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the state in " + file, e);
        }
    }

    private void read() throws IOException {
        if (Files.exists(file)) {
            byte[] content = Files.readAllBytes(file);
            bytes = content.length;
            pulls.clear();
            for (String line : new String(content, StandardCharsets.UTF_8).split("\n", -1)) {
                read(line);
            }
        }
    }

    private void read(String line) {
        String[] words = line.split(" ", -1);
        if (words.length < 4 || !words[0].equals(checksum(line.substring(line.indexOf(' '))))) {
            return;
        }
        if (words.length == 4) {
            set(words[3], new Position(Long.parseLong(words[1]), Long.parseLong(words[2])));
        } else if (words.length == 5 && words[1].equals(PULL)) {
            set(words[3], Long.parseLong(words[2]), words[4]);
        }
    }

    private static String line(String endpoint, Position position) {
        return line(" " + position.finished + " " + position.handling + " " + endpoint);
    }

    private static String line(String endpoint, long seq, String pull) {
        return line(" " + PULL + " " + seq + " " + endpoint + " " + pull);
    }

    /** Begins with a line break too, so that a torn line before it stays by itself. */
    private static String line(String content) {
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
