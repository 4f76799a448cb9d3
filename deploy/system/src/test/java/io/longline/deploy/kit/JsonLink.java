package io.longline.deploy.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A browser's link: the JDK's WebSocket client, and JSON frames written by hand. */
public final class JsonLink implements AutoCloseable, WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int TRY_LATER = 3003;

    private final Frames frames = new Frames();
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private JsonLink(int port, String subprotocol) {
        this.socket = HTTP.newWebSocketBuilder()
                .subprotocols(subprotocol)
                .connectTimeout(Duration.ofSeconds(15))
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/connect"), this)
                .join();
    }

    /** Connected, and nothing said yet. */
    public static JsonLink open(int port) {
        return new JsonLink(port, "longline.v1.json");
    }

    /** Welcomed, device included. A room that has just started may be slow and say 3003 first: then it is tried again, as clients do. */
    public static JsonLink bound(int port, TestProduct product, String user, String device) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> tryToBind(port, product, user, device), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<JsonLink> tryToBind(int port, TestProduct product, String user, String device) {
        JsonLink link = open(port).hello(product.id(), user, device, product.token(user));
        JsonNode first = link.frames().next();
        if (first.at("/close/code").asInt() == TRY_LATER) {
            link.close();
            return Optional.empty();
        }
        if (!first.at("/welcome/bound/0/ok").asBoolean()) {
            throw new AssertionError("not bound: " + first);
        }
        return Optional.of(link);
    }

    /** On the subprotocol with protobuf frames; whatever it is sent counts as an error of the test. */
    public static JsonLink openBinary(int port) {
        return new JsonLink(port, "longline.v1");
    }

    /** Says hello with one bind, {@code ref} 1; what is answered stands in {@link #frames}. */
    public JsonLink hello(String product, String user, String device, String token) {
        return say("{\"hello\":{\"device\":\"%s\",\"bind\":[%s]}}".formatted(device, bind(1, product, user, token, 0)));
    }

    /** The same, having finished with all up to {@code seq}. */
    public JsonLink helloAfter(String product, String user, String device, String token, long seq) {
        return say(
                "{\"hello\":{\"device\":\"%s\",\"bind\":[%s]}}".formatted(device, bind(1, product, user, token, seq)));
    }

    /** The body of a bind. */
    public static String bind(int ref, String product, String user, String token, long seq) {
        String after = seq == 0 ? "" : ",\"seq\":" + seq;
        return "{\"ref\":%d,\"product\":\"%s\",\"user\":\"%s\",\"token\":\"%s\"%s}"
                .formatted(ref, product, user, token, after);
    }

    public JsonLink ack(int ref, long seq) {
        return say("{\"ack\":{\"ref\":%d,\"seq\":%d}}".formatted(ref, seq));
    }

    /** {@code more} begins with a comma: {@code ,"last":5}. */
    public JsonLink subscribe(String topic, String more) {
        return say("{\"subscribe\":{\"ref\":1,\"topic\":\"%s\"%s}}".formatted(topic, more));
    }

    public JsonLink unsubscribe(String topic) {
        return say("{\"unsubscribe\":{\"ref\":1,\"topic\":\"%s\"}}".formatted(topic));
    }

    public JsonLink ackTopic(String topic, long offset) {
        return say("{\"ack\":{\"ref\":1,\"topic\":\"%s\",\"offset\":%d}}".formatted(topic, offset));
    }

    public JsonLink say(String frame) {
        socket.sendText(frame, true).join();
        return this;
    }

    public JsonLink sayBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    public Frames frames() {
        return frames;
    }

    /** The status with which the room closed the link. */
    public int closeStatus() {
        try {
            return closed.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the room did not close the link", e);
        }
    }

    public boolean isClosed() {
        return closed.isDone();
    }

    /** Gone without a word, like a phone in a tunnel whose operator resets the connection. */
    public void drop() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            try {
                frames.add(CenterApi.JSON.readTree(text.toString()));
            } catch (JsonProcessingException e) {
                closed.completeExceptionally(e);
            }
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        text.append(new String(bytes, StandardCharsets.ISO_8859_1));
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }
}
