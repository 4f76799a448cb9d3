package io.longline.stores;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** TCP ports of the loopback address. */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int FIRST_OF_PAIR = 1_100;
    private static final int ATTEMPTS = 1000;

    /**
     * So that nobody is given a port which another has been given and does not listen on yet, or not at the moment: by port
     * the lock on its file, which other processes on this machine see and which ends with this one.
     */
    private static final Map<Integer, Optional<FileLock>> given = new HashMap<>();

    private static final Path LOCKS =
            Path.of(System.getProperty("java.io.tmpdir"), "longline-ports-" + System.getProperty("user.name"));

    /** Where the system takes ports for outgoing connections from; what it says, or what is usual. */
    private static final int FIRST_OUTGOING = firstOutgoing();

    private Ports() {}

    /**
     * A port that nobody listened on a moment ago, that was not given before, also by no other process of this user's that goes on,
     * and that the system gives to no outgoing connection: it is still free when the process which listened there is started again.
     */
    public static int free() {
        return free(FIRST, FIRST_OUTGOING, 0);
    }

    /** {@link #free}, and so is the port that many above it. */
    static int freePair(int above) {
        return FIRST_OUTGOING - above - FIRST_OF_PAIR < ATTEMPTS
                ? free(FIRST, FIRST_OUTGOING, above) // the second one could be given to a connection meanwhile
                : free(FIRST_OF_PAIR, FIRST_OUTGOING - above, above);
    }

    private static synchronized int free(int from, int to, int above) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(from, to);
            boolean free = above == 0 || isFree(port + above);
            if (free && take(port) && (above == 0 || take(port + above))) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + from + " and " + to);
    }

    /** Takes it for the one who asks; false if it cannot be had. Where no file can be locked, other processes do not know of it. */
    private static boolean take(int port) {
        if (given.containsKey(port) || !isFree(port)) {
            return false;
        }
        Optional<FileChannel> file = lockFile(port);
        if (file.isEmpty()) {
            given.put(port, Optional.empty());
            return true;
        }
        Optional<FileLock> lock = lock(file.get());
        lock.ifPresent(held -> given.put(port, lock));
        return lock.isPresent();
    }

    private static Optional<FileChannel> lockFile(int port) {
        try {
            Files.createDirectories(LOCKS);
            return Optional.of(FileChannel.open(LOCKS.resolve(Integer.toString(port)), CREATE, WRITE));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Empty if another process has it; then the file is closed. */
    private static Optional<FileLock> lock(FileChannel file) {
        try {
            FileLock lock = file.tryLock();
            if (lock == null) {
                file.close();
            }
            return Optional.ofNullable(lock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock a port in " + LOCKS, e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int firstOutgoing() {
        // In one piece: such a file has no size, and nothing more for whoever has read a byte of it.
        try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
                Scanner range = new Scanner(file.readLine())) {
            return Math.max(FIRST + ATTEMPTS, range.nextInt());
        } catch (IOException | RuntimeException e) {
            return 32_768;
        }
    }

    /**
     * Throws unless the port can be listened on within 3 s: a stranger there would pass for the store. A process that
     * was killed gives its port back a moment after it is gone.
     */
    static void requireFree(int port) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (true) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException e) {
                if (System.nanoTime() - until > 0) {
                    throw new UncheckedIOException("port " + port + " is in use", e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }
}
