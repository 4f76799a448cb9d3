package io.longline.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** TCP ports of the loopback address. */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int ATTEMPTS = 1000;

    /** So that nobody is given a port which another has been given and does not listen on yet. */
    private static final Set<Integer> given = ConcurrentHashMap.newKeySet();

    /** Where the system takes ports for outgoing connections from; what it says, or what is usual. */
    private static final int FIRST_OUTGOING = firstOutgoing();

    private Ports() {}

    /**
     * A port that nobody listened on a moment ago, that was not given before, and that the system gives to no outgoing
     * connection: it is still free when the process which listened there is started again.
     */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, FIRST_OUTGOING);
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + FIRST_OUTGOING);
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
        try (Scanner range = new Scanner(Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range")))) {
            return Math.max(FIRST + ATTEMPTS, range.nextInt());
        } catch (IOException | RuntimeException e) {
            return 32_768;
        }
    }

    /**
     * Throws unless the port can be listened on within a second: a stranger there would pass for the store. A process that
     * was killed gives its port back a moment after it is gone.
     */
    static void requireFree(int port) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
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
