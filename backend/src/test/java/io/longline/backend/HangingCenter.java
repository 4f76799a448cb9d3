package io.longline.backend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A center that answers each request with the same bytes and then says nothing more; it closes the connection, or does not. */
final class HangingCenter implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final byte[] answer;
    private final boolean closes;

    HangingCenter(String answer, boolean closes) throws IOException {
        this.answer = answer.getBytes(StandardCharsets.UTF_8);
        this.closes = closes;
        Thread thread = new Thread(this::accept, "hanging-center");
        thread.setDaemon(true);
        thread.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                boolean gone = socket.getInputStream().read(new byte[8192]) < 0;
                socket.getOutputStream().write(answer);
                if (closes || gone) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
