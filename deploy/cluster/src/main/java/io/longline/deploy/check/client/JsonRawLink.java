package io.longline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.check.history.Uplink;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A browser's link: the JDK's WebSocket client, and JSON frames written by hand. */
final class JsonRawLink implements RawLink, WebSocket.Listener {
    private static final long SAY_S = 20;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

    private final Ear ear;
    private final StringBuilder text = new StringBuilder();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean reading = true;
    private final WebSocket socket;

    private JsonRawLink(InetSocketAddress room, Ear ear) throws IOException {
        this.ear = ear;
        URI uri = URI.create("ws://" + room.getHostString() + ":" + room.getPort() + "/v1/connect");
        try {
            this.socket = HTTP.newWebSocketBuilder()
                    .subprotocols("longline.v1.json")
                    .connectTimeout(Duration.ofSeconds(5))
                    .buildAsync(uri, this)
                    .join();
        } catch (CompletionException e) {
            throw new IOException("no WebSocket to " + room + ": " + e.getCause(), e);
        }
    }

    static JsonRawLink open(InetSocketAddress room, Ear ear) throws IOException {
        return new JsonRawLink(room, ear);
    }

    @Override
    public void hello(int heartbeatS, List<Wish> binds) throws IOException {
        String list = binds.stream().map(JsonRawLink::body).collect(Collectors.joining(","));
        say("{\"hello\":{\"heartbeat_s\":" + heartbeatS + ",\"bind\":[" + list + "]}}");
    }

    private static String body(Wish wish) {
        String after = wish.seq() == 0 ? "" : ",\"seq\":" + wish.seq();
        String topics = wish.topics().isEmpty()
                ? ""
                : wish.topics().stream().map(JsonRawLink::body).collect(Collectors.joining(",", ",\"topics\":[", "]"));
        return "{\"ref\":%d,\"product\":\"%s\",\"user\":\"%s\",\"token\":\"%s\"%s%s}"
                .formatted(
                        wish.ref(), wish.endpoint().product(), wish.endpoint().user(), wish.token(), after, topics);
    }

    private static String body(TopicPlace place) {
        return "{\"topic\":\"" + place.topic() + "\",\"after\":" + place.after() + ",\"resume\":true}";
    }

    @Override
    public void bind(Wish wish) throws IOException {
        say("{\"bind\":" + body(wish) + "}");
    }

    @Override
    public void unbind(int ref, boolean forget) throws IOException {
        say("{\"unbind\":{\"ref\":" + ref + ",\"forget\":" + forget + "}}");
    }

    @Override
    public void ack(int ref, long seq) throws IOException {
        say("{\"ack\":{\"ref\":" + ref + ",\"seq\":" + seq + "}}");
    }

    @Override
    public void subscribe(int ref, String topic) throws IOException {
        say("{\"subscribe\":{\"ref\":" + ref + ",\"topic\":\"" + topic + "\"}}");
    }

    @Override
    public void unsubscribe(int ref, String topic) throws IOException {
        say("{\"unsubscribe\":{\"ref\":" + ref + ",\"topic\":\"" + topic + "\"}}");
    }

    @Override
    public void ackTopic(int ref, String topic, long offset) throws IOException {
        say("{\"ack\":{\"ref\":" + ref + ",\"topic\":\"" + topic + "\",\"offset\":" + offset + "}}");
    }

    @Override
    public void uplink(int ref, Uplink uplink, String text) throws IOException {
        say("{\"uplink\":{\"ref\":%d,\"id\":\"%s\",\"type\":\"%s\",\"text\":\"%s\"}}"
                .formatted(ref, uplink.id(), uplink.type(), text));
    }

    @Override
    public void ping() throws IOException {
        say("{\"ping\":{}}");
    }

    private synchronized void say(String frame) throws IOException {
        try {
            socket.sendText(frame, true).orTimeout(SAY_S, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    @Override
    public synchronized void garbage(byte[] bytes) throws IOException {
        try {
            socket.sendBinary(ByteBuffer.wrap(bytes), true)
                    .orTimeout(SAY_S, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    @Override
    public void stopReading() {
        reading = false;
    }

    @Override
    public void drop() {
        socket.abort();
        end("dropped by the client");
    }

    private void end(String how) {
        if (over.compareAndSet(false, true)) {
            ear.ended(how);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        if (!reading) {
            return null; // not a byte more is asked for
        }
        text.append(data);
        if (last) {
            String frame = text.toString();
            text.setLength(0);
            hear(frame);
        }
        webSocket.request(1);
        return null;
    }

    private void hear(String frame) {
        try {
            ear.heard(heard(Json.parse(frame.getBytes(StandardCharsets.UTF_8))));
        } catch (LonglineException e) {
            socket.abort();
            end("a frame that is no JSON: " + e.getMessage());
        }
    }

    private static Heard heard(JsonNode frame) {
        String kind = frame.fieldNames().hasNext() ? frame.fieldNames().next() : "nothing";
        JsonNode body = frame.path(kind);
        return switch (kind) {
            case "welcome" -> {
                List<Heard.Bound> bound = new ArrayList<>();
                body.path("bound").forEach(each -> bound.add(bound(each)));
                yield new Heard.Welcome(bound);
            }
            case "bound" -> bound(body);
            case "unbound" ->
                new Heard.Unbound(
                        body.path("ref").asInt(),
                        body.path("code").asInt(),
                        body.path("reason").asText(),
                        body.path("retry").asBoolean(),
                        body.path("retry_after_ms").asLong());
            case "push" -> push(body);
            case "subscribed" ->
                new Heard.Subscribed(
                        body.path("ref").asInt(),
                        body.path("topic").asText(),
                        body.path("offset").asLong());
            case "gap" ->
                new Heard.Gap(
                        body.path("ref").asInt(),
                        body.path("topic").asText(),
                        body.path("first_offset").asLong());
            case "uplink_ack" ->
                new Heard.UplinkAck(body.path("ref").asInt(), body.path("id").asText());
            case "error" -> error(body);
            case "caught_up" ->
                new Heard.CaughtUp(body.path("ref").asInt(), body.path("seq").asLong());
            case "close" ->
                new Heard.Close(
                        body.path("code").asInt(),
                        body.path("reason").asText(),
                        body.path("retry").asBoolean(),
                        body.path("retry_after_ms").asLong());
            default -> new Heard.Other(kind);
        };
    }

    private static Heard.Bound bound(JsonNode body) {
        return new Heard.Bound(
                body.path("ref").asInt(),
                body.path("ok").asBoolean(),
                body.path("generation").asLong(),
                body.path("error").path("code").asInt());
    }

    private static Heard error(JsonNode body) {
        int ref = body.path("ref").asInt();
        String reason = body.path("reason").asText();
        if (body.has("id")) {
            return new Heard.UplinkError(
                    ref,
                    body.path("id").asText(),
                    reason,
                    body.path("retry_after_ms").asLong());
        }
        return body.has("topic")
                ? new Heard.TopicError(ref, body.path("topic").asText(), reason)
                : new Heard.Other("error");
    }

    private static Heard push(JsonNode body) {
        if (body.has("topic")) {
            return new Heard.TopicPush(
                    body.path("ref").asInt(),
                    body.path("topic").asText(),
                    body.path("offset").asLong(),
                    body.path("message_id").asText(),
                    body.path("text").asText(),
                    body.path("ttl_ms").asLong());
        }
        return new Heard.Push(
                body.path("ref").asInt(),
                body.path("seq").asLong(),
                body.path("message_id").asText(),
                body.path("text").asText(),
                body.path("qos").asInt(),
                body.path("ttl_ms").asLong(),
                body.path("in_reply_to").asText());
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        end("closed with status " + statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end(String.valueOf(error));
    }
}
