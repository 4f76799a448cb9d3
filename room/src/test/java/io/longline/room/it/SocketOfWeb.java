package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.BinaryFrames;
import io.longline.frames.DecodeResult;
import io.longline.frames.Direction;
import io.longline.frames.FrameLimits;
import io.longline.v1.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that speaks WebSocket, on the one of the JDK. */
final class SocketOfWeb implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Ear ear = new Ear();
    private final WebSocket socket;

    private static final class Ear implements WebSocket.Listener {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            binary.writeBytes(bytes);
            if (last) {
                binaries.add(binary.toByteArray());
                binary.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    private SocketOfWeb(int port, List<String> subprotocols) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (!subprotocols.isEmpty()) {
            builder.subprotocols(
                    subprotocols.getFirst(),
                    subprotocols.subList(1, subprotocols.size()).toArray(String[]::new));
        }
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/connect"), ear)
                .join();
    }

    static SocketOfWeb connect(int port, String... subprotocols) {
        return new SocketOfWeb(
                port,
                Arrays.stream(subprotocols).filter(name -> !name.isEmpty()).toList());
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    void text(String message) {
        done(socket.sendText(message, true));
    }

    void binary(ByteBuffer message) {
        done(socket.sendBinary(message, true));
    }

    /** One of WebSocket's own. */
    void ping() {
        done(socket.sendPing(ByteBuffer.allocate(4)));
    }

    void fragments(List<String> parts) {
        for (int i = 0; i < parts.size(); i++) {
            done(socket.sendText(parts.get(i), i == parts.size() - 1));
        }
    }

    /** The other side may close in the midst of it; what it says then is looked at by the test. */
    private static void done(CompletableFuture<WebSocket> sent) {
        WebSocket _ = sent.exceptionally(closed -> null).join();
    }

    String nextText() throws InterruptedException {
        String text = ear.texts.poll(NativeClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (text == null) {
            throw new AssertionError("no message has come");
        }
        return text;
    }

    ServerFrame nextFrame() throws InterruptedException {
        byte[] bytes = ear.binaries.poll(NativeClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (bytes == null) {
            throw new AssertionError("no message has come");
        }
        DecodeResult<ServerFrame> result =
                new BinaryFrames<>(Direction.ROOM_TO_CLIENT, FrameLimits.FROM_ROOM).decode(ByteBuffer.wrap(bytes));
        assertThat(result).isInstanceOf(DecodeResult.Frame.class);
        return ((DecodeResult.Frame<ServerFrame>) result).frame();
    }

    /** The status with which the other side closed. */
    int closeCode() throws Exception {
        return ear.closed.get(NativeClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says good-bye, unless the other side was first. */
    void sayGoodbye() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
