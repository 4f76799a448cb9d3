package io.longline.sdk;

import io.longline.v1.RoomAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A room that is a real server socket; the test takes each link and says what happens on it. */
final class TestRoom implements AutoCloseable {
    private static final long PATIENCE_S = 30;

    private final ServerSocket server;
    private final BlockingQueue<RoomLink> links = new LinkedBlockingQueue<>();

    TestRoom() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    TestRoom(ServerSocket server) {
        this.server = server;
        Thread thread = new Thread(this::accept, "test-room");
        thread.setDaemon(true);
        thread.start();
    }

    /** The next link that a client opens. */
    RoomLink link() throws InterruptedException {
        RoomLink link = links.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (link == null) {
            throw new AssertionError("no client came within " + PATIENCE_S + " s");
        }
        return link;
    }

    /** Whether a client came that the test has not taken yet. */
    boolean isWaited() {
        return !links.isEmpty();
    }

    String name() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    RoomAddress address() {
        return RoomAddress.newBuilder()
                .setId("room-" + server.getLocalPort())
                .setHost("127.0.0.1")
                .setPort(server.getLocalPort())
                .setWeight(100)
                .build();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                links.add(new RoomLink(socket));
            } catch (IOException e) {
                // Closed, or a client that went away at once.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (RoomLink link : links) {
            link.close();
        }
    }
}
