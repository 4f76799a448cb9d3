package io.longline.bench.push;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Reads requests, and says to each, by its number, what it is told to: a whole answer in bytes. Any number of connections. */
public final class TestCenter implements AutoCloseable {
    /** No answer, and the connection stays. */
    static final String SILENCE = "";
    /** No answer, and the connection ends. */
    static final String HANGS_UP = "hangs up";

    private final ServerSocket server;
    private final IntFunction<String> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Closeable> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();

    /** @param answers to the requests from 0 on; may wait */
    public TestCenter(IntFunction<String> answers) {
        this.answers = answers;
        try {
            this.server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException("no free port", e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** One with a small body, after which the connection stays. */
    public static String answer(String status) {
        return answer(status, "{}");
    }

    /** Likewise, in ASCII. */
    public static String answer(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** All that have come, head and body. */
    public List<String> requests() {
        return requests;
    }

    int connections() {
        return sockets.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                requests.add(read(in));
                String answer = answers.apply(numbers.getAndIncrement());
                if (answer.equals(HANGS_UP)) {
                    return;
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                if (!answer.isEmpty() && (answer.contains("close") || !answer.contains("Length"))) {
                    return;
                }
            }
        } catch (IOException e) {
            // the other side has closed it
        }
    }

    private static String read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.append((char) next);
        }
        String[] parts = head.toString().toLowerCase(Locale.ROOT).split("content-length: ", 2);
        int length = parts.length > 1 ? Integer.parseInt(parts[1].split("\r", 2)[0]) : 0;
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Closeable socket : sockets) {
            socket.close();
        }
    }
}
