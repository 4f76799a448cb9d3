package io.longline.sdk;

import io.longline.v1.RoomAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network in front of a room that breaks: each connection gets so many bytes, wherever in a frame they end, and is then reset, ended,
 * or left open while nothing passes any more.
 */
final class CuttingProxy implements AutoCloseable {
    private static final int MOST_BYTES = 6_000;
    private static final int BLACK_HOLES = 2; // each takes as long as a heartbeat is waited for

    private enum Fate {
        RESET,
        END,
        BLACK_HOLE,
        NONE
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Random random;
    private final AtomicInteger cuts = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private int blackHoles;
    private volatile boolean healed;

    /** To this port of this machine. */
    CuttingProxy(int target, Random random) throws IOException {
        this.target = target;
        this.random = random;
        start(this::accept);
    }

    /** How many connections were cut so far. */
    int cuts() {
        return cuts.get();
    }

    /** From now on nothing is cut; connections that are already doomed still are. */
    void heal() {
        healed = true;
    }

    RoomAddress address() {
        return RoomAddress.newBuilder()
                .setHost("127.0.0.1")
                .setPort(server.getLocalPort())
                .build();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket room = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(room);
                Fate fate = fate();
                AtomicInteger left =
                        new AtomicInteger(fate == Fate.NONE ? Integer.MAX_VALUE : random.nextInt(MOST_BYTES));
                start(() -> pass(client, room, fate, left));
                start(() -> pass(room, client, fate, left));
            } catch (IOException e) {
                // Closed, or a client that went away at once.
            }
        }
    }

    private Fate fate() {
        if (healed) {
            return Fate.NONE;
        }
        if (random.nextInt(20) == 0 && blackHoles < BLACK_HOLES) {
            blackHoles++;
            return Fate.BLACK_HOLE;
        }
        return random.nextBoolean() ? Fate.RESET : Fate.END;
    }

    private void pass(Socket from, Socket to, Fate fate, AtomicInteger left) {
        byte[] part = new byte[512];
        try {
            for (int n = from.getInputStream().read(part);
                    n >= 0;
                    n = from.getInputStream().read(part)) {
                int rest = fate == Fate.NONE ? n : left.getAndAdd(-n);
                if (rest > 0) {
                    to.getOutputStream().write(part, 0, Math.min(n, rest));
                }
                if (rest < n && fate != Fate.BLACK_HOLE) {
                    break;
                }
                if (rest >= 0 && rest < n) {
                    cuts.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // One of the two is gone; so is the other, below.
        }
        end(from, to, fate);
    }

    private void end(Socket from, Socket to, Fate fate) {
        if (fate != Fate.NONE && fate != Fate.BLACK_HOLE && sockets.contains(from)) {
            cuts.incrementAndGet();
        }
        for (Socket socket : new Socket[] {from, to}) {
            sockets.remove(socket);
            try {
                socket.setSoLinger(fate == Fate.RESET, 0);
            } catch (IOException e) {
                // It is closed already.
            }
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        sockets.forEach(CuttingProxy::close);
    }
}
