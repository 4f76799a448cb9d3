package io.longline.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.longline.frames.json.DispatchAnswers;
import io.longline.v1.Backoff;
import io.longline.v1.DispatchAnswer;
import io.longline.v1.RoomAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A dispatcher over real HTTP, with the answer that the test gives it; it keeps the questions. */
public final class TestDispatcher implements AutoCloseable {
    private final HttpServer server;
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private volatile DispatchAnswer answer = DispatchAnswer.getDefaultInstance();
    private volatile int status = 200;
    private volatile int retryAfterS;
    private volatile boolean json;

    public TestDispatcher() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/v1/dispatch", this::answer);
        server.start();
    }

    /** Answers with these rooms from now on, to be kept for a minute, and with waits of a few milliseconds. */
    public TestDispatcher rooms(RoomAddress... rooms) {
        answer = DispatchAnswer.newBuilder()
                .addAllRooms(List.of(rooms))
                .setCacheTtlS(60)
                .setBackoff(Backoff.newBuilder()
                        .setBaseMs(1)
                        .setMaxMs(5)
                        .setFactor(2)
                        .setJitter(1))
                .build();
        return this;
    }

    /** Changes the answer. */
    public void answer(DispatchAnswer changed) {
        answer = changed;
    }

    /** The answer as it is. */
    public DispatchAnswer answer() {
        return answer;
    }

    /** Answers with this HTTP status and, where it is more than 0, with {@code Retry-After}. */
    public void status(int code, int retryAfter) {
        status = code;
        retryAfterS = retryAfter;
    }

    /** Answers in JSON, whatever was asked for. */
    public void json() {
        json = true;
    }

    /** The query strings so far, decoded. */
    public List<String> questions() {
        return questions;
    }

    /** Its address. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange http) throws IOException {
        questions.add(http.getRequestURI().getQuery());
        byte[] body = json ? DispatchAnswers.encode(answer).array() : answer.toByteArray();
        http.getResponseHeaders().add("Content-Type", json ? "application/json" : "application/x-protobuf");
        if (retryAfterS > 0) {
            http.getResponseHeaders().add("Retry-After", Integer.toString(retryAfterS));
        }
        http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        http.getResponseBody().write(body);
        http.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
