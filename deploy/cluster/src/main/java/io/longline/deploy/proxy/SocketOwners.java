package io.longline.deploy.proxy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Which process opened a connection: {@code /proc/net/tcp} knows the inode of each socket, and {@code /proc/PID/fd} who holds
 * it. Those who ask at the same time share one look at all of it.
 */
final class SocketOwners {
    /** Whoever is no part, or is gone already. */
    static final String OUTSIDE = "outside";

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int REMOTE = 2;
    private static final int INODE = 9;
    private static final int HEX = 16;
    private static final String SOCKET = "socket:[";

    private final Supplier<Map<String, Long>> pids;
    private final ReentrantLock lock = new ReentrantLock();
    private Look last = new Look(Long.MIN_VALUE, Map.of(), Map.of());

    /**
     * One look.
     *
     * @param inodes by the ports of both ends
     * @param parts by inode
     */
    private record Look(long begun, Map<Long, String> inodes, Map<String, String> parts) {

        String owner(int local, int remote) {
            return parts.getOrDefault(inodes.getOrDefault(ends(local, remote), ""), OUTSIDE);
        }
    }

    SocketOwners(Supplier<Map<String, Long>> pids) {
        this.pids = pids;
    }

    /** The part that has the socket with these ports of the loopback address. */
    String ownerOf(int local, int remote) {
        long asked = System.nanoTime();
        lock.lock();
        try {
            if (last.begun == Long.MIN_VALUE || last.begun - asked < 0) {
                last = look();
            }
            return last.owner(local, remote);
        } finally {
            lock.unlock();
        }
    }

    private Look look() {
        long begun = System.nanoTime();
        Map<Long, String> inodes = new HashMap<>();
        TABLES.forEach(table -> readTable(table, inodes));
        Map<String, String> parts = new HashMap<>();
        pids.get().forEach((part, pid) -> readSockets(part, pid, parts));
        return new Look(begun, inodes, parts);
    }

    private static void readTable(Path table, Map<Long, String> inodes) {
        try {
            for (String line : Files.readAllLines(table)) {
                StringTokenizer fields = new StringTokenizer(line); // a pattern would take most of the time of a look
                String number = fields.nextToken();
                if (number.endsWith(":")) {
                    long ends = ends(port(fields.nextToken()), port(fields.nextToken()));
                    for (int skipped = REMOTE + 1; skipped < INODE; skipped++) {
                        fields.nextToken();
                    }
                    inodes.put(ends, fields.nextToken());
                }
            }
        } catch (IOException e) {
            // a system without this table has no connections in it
        }
    }

    private static void readSockets(String part, long pid, Map<String, String> parts) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path file : files) {
                String target = targetOf(file);
                if (target.startsWith(SOCKET)) {
                    parts.put(target.substring(SOCKET.length(), target.length() - 1), part);
                }
            }
        } catch (IOException e) {
            // the process has ended
        }
    }

    private static String targetOf(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address, address.indexOf(':') + 1, address.length(), HEX);
    }

    private static long ends(int local, int remote) {
        return (long) local << 32 | remote;
    }
}
