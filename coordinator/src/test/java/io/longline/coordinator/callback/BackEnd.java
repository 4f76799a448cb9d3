package io.longline.coordinator.callback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.longline.keeper.http.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** A back end on a real socket, that does what it is told to, also what no server should. Once well, it takes everything. */
public final class BackEnd implements AutoCloseable {
    private static final int HUGE = 1 << 30;
    private static final int CHUNK = 64 << 10;

    private final int port;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<JsonNode> taken = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket server;
    private volatile Thread accepting;
    /** Keeps the port for this one while it is down: whoever else were given it would answer in its place. */
    private volatile Socket holding;

    private volatile Mood mood = Mood.WELL;
    private volatile Function<Request, Mood> moods = _ -> mood;
    private volatile Function<List<JsonNode>, String> answers = _ -> "";

    /** What it does with a request. */
    public enum Mood {
        WELL,
        FAILS,
        FORBIDS,
        IS_BUSY,
        /** Reads, and says nothing. */
        HANGS,
        /** Answers a byte each 100 ms and never ends. */
        TRICKLES,
        CLOSES_AFTER_READING,
        /** Takes it, and says something that is no JSON. */
        SAYS_GARBAGE,
        /** Takes it, and answers with a GiB. */
        SAYS_TOO_MUCH,
        SAYS_A_HEADER_WITHOUT_END,
        SAYS_HEADERS_WITHOUT_END,
        /** Answers what is no HTTP. */
        SPEAKS_OTHERWISE,
        REDIRECTS
    }

    /** What was posted. */
    public record Request(String path, Map<String, String> headers, ByteString body) {
        public List<JsonNode> events() {
            return StreamSupport.stream(
                            Json.parse(body.toByteArray()).path("events").spliterator(), false)
                    .toList();
        }
    }

    public BackEnd() {
        server = listen(0);
        port = server.getLocalPort();
        accepting = accept();
        holding = new Socket();
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/hook";
    }

    public int port() {
        return port;
    }

    public void is(Mood now) {
        mood = now;
    }

    /** By request. */
    public void is(Function<Request, Mood> byRequest) {
        moods = byRequest;
    }

    /** What it says where it takes events. */
    public void answers(Function<List<JsonNode>, String> said) {
        answers = said;
    }

    /** Nobody listens on its port. */
    public void goDown() {
        close();
        try {
            holding = new Socket();
            holding.setReuseAddress(true);
            holding.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void comeBack() {
        close();
        server = listen(port);
        accepting = accept();
    }

    /** Whole ones, taken or not. */
    public List<Request> requests() {
        return requests;
    }

    /** In the order in which they came, repeats included. */
    public List<JsonNode> taken() {
        return taken;
    }

    /** The client's ids of what an endpoint sent, in the order in which they came first. */
    public List<String> takenOf(String user) {
        return taken.stream()
                .filter(event -> event.path("user").asText().equals(user))
                .map(event -> event.path("uplink_id").asText())
                .distinct()
                .toList();
    }

    private static ServerSocket listen(int port) {
        try {
            return new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Thread accept() {
        ServerSocket on = server;
        return Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    Socket socket = on.accept();
                    open.add(socket);
                    Thread.startVirtualThread(() -> serve(socket));
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean goOn = true;
            while (goOn) {
                Request request = read(in);
                requests.add(request);
                goOn = answer(request, socket.getOutputStream());
            }
        } catch (IOException e) {
            // it left
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", -1);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        ByteString body =
                ByteString.copyFrom(in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
        return new Request(first[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the end");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Whether another request may follow. */
    private boolean answer(Request request, OutputStream out) throws IOException, InterruptedException {
        switch (moods.apply(request)) {
            case WELL -> {
                List<JsonNode> events = request.events();
                taken.addAll(events);
                say(out, "200 OK", answers.apply(events));
            }
            case FAILS -> say(out, "500 Internal Server Error", "{\"reply\":[]}");
            case FORBIDS -> say(out, "403 Forbidden", "no");
            case IS_BUSY -> say(out, "503 Service Unavailable", "later");
            case HANGS -> Thread.sleep(3_600_000);
            case TRICKLES -> {
                out.write("HTTP/1.1 500 Slow\r\nX-Slow: ".getBytes(ISO_8859_1));
                while (true) {
                    out.write('x');
                    out.flush();
                    Thread.sleep(100);
                }
            }
            case CLOSES_AFTER_READING -> {
                return false;
            }
            case SAYS_GARBAGE -> {
                taken.addAll(request.events());
                say(out, "200 OK", "\u0000{{{ [1,");
            }
            case SAYS_TOO_MUCH -> {
                taken.addAll(request.events());
                out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + HUGE + "\r\n\r\n").getBytes(ISO_8859_1));
                byte[] chunk = new byte[CHUNK];
                for (int i = 0; i < HUGE / CHUNK; i++) {
                    out.write(chunk);
                }
            }
            case SAYS_A_HEADER_WITHOUT_END -> sayWithoutEnd(out, "x".repeat(CHUNK));
            case SAYS_HEADERS_WITHOUT_END -> sayWithoutEnd(out, "X-More: more\r\n".repeat(1_000));
            case SPEAKS_OTHERWISE -> {
                out.write("220 smtp.example ESMTP\r\n\r\n".getBytes(ISO_8859_1));
                return false;
            }
            case REDIRECTS -> {
                out.write(("HTTP/1.1 307 Go\r\nLocation: " + url() + "/elsewhere\r\nContent-Length: 0\r\n\r\n")
                        .getBytes(ISO_8859_1));
            }
        }
        return true;
    }

    private static void sayWithoutEnd(OutputStream out, String header) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nX-Long: ".getBytes(ISO_8859_1));
        while (true) {
            out.write(header.getBytes(ISO_8859_1));
        }
    }

    private static void say(OutputStream out, String status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        out.write(("HTTP/1.1 " + status + "\r\nContent-Length: " + bytes.length + "\r\n\r\n").getBytes(ISO_8859_1));
        out.write(bytes);
        out.flush();
    }

    /** Returns when nobody can connect any more: one who waits for a client may be given another after its socket was closed. */
    @Override
    public void close() {
        try {
            server.close();
            accepting.join();
            holding.close();
            for (Socket socket : new ArrayList<>(open)) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
