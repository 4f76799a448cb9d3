package io.longline.bench.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.keeper.http.Json;
import io.longline.v1.Ack;
import io.longline.v1.Bound;
import io.longline.v1.CaughtUp;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Pong;
import io.longline.v1.Push;
import io.longline.v1.Pushes;
import io.longline.v1.ServerFrame;
import io.longline.v1.Subscribed;
import io.longline.v1.Welcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One client of a crowd, and a room that says what the test wants. */
@Timeout(60)
final class CrowdIT {
    private static final int PREAMBLE_BYTES = 2;
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private ServerSocket room;
    private Crowd crowd;

    @BeforeEach
    void start() throws IOException {
        room = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        room.setSoTimeout((int) WITHIN.toMillis());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), room.getLocalPort());
        crowd = new Crowd(new CrowdSetup(
                Wire.NATIVE, List.of(address), "shop", "a-client-secret-of-at-least-32-bytes", "open-news"));
    }

    @AfterEach
    void stop() throws IOException {
        crowd.close();
        room.close();
    }

    private ObjectNode ask(String what) {
        return crowd.obey(Json.object().put("do", what));
    }

    private CrowdCounts counts() {
        return CrowdCounts.of(ask("counts"));
    }

    /** Begins to connect; the room has to answer. */
    private Thread connect() {
        return Thread.ofVirtual()
                .start(() -> crowd.obey(Json.object()
                        .put("do", "connect")
                        .put("first", 0)
                        .put("count", 1)
                        .put("at_once", 1)
                        .put("patience_ms", WITHIN.toMillis())));
    }

    /** The room's side of a link, up to its welcome. */
    private final class Side implements AutoCloseable {
        private final Socket socket;
        private final Hello hello;

        Side() throws IOException {
            socket = room.accept();
            socket.setSoTimeout((int) WITHIN.toMillis());
            assertThat(socket.getInputStream().readNBytes(PREAMBLE_BYTES)).hasSize(PREAMBLE_BYTES);
            hello = hear().getHello();
            say(ServerFrame.newBuilder()
                    .setWelcome(Welcome.newBuilder()
                            .addBound(Bound.newBuilder().setRef(1).setOk(true)))
                    .build());
        }

        ClientFrame hear() throws IOException {
            InputStream in = socket.getInputStream();
            return ClientFrame.parseDelimitedFrom(in);
        }

        void say(ServerFrame frame) throws IOException {
            frame.writeDelimitedTo(socket.getOutputStream());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Push.Builder push(int run, int number) {
        return Push.newBuilder().setText(new Stamp(run, number, System.nanoTime()).text(50));
    }

    @Test
    void itFollowsItsTopicAndTakesAFrameOfSeveralPushes() throws Exception {
        Thread connecting = connect();
        try (Side side = new Side()) {
            connecting.join();
            assertThat(side.hello.getBind(0).getTopics(0).getTopic()).isEqualTo("open-news");
            assertThat(crowd.obey(Json.object().put("do", "acks").put("on", true)))
                    .isEmpty();

            side.say(ServerFrame.newBuilder()
                    .setSubscribed(Subscribed.newBuilder().setRef(1).setTopic("open-news"))
                    .build());
            side.say(ServerFrame.newBuilder()
                    .setPushes(Pushes.newBuilder()
                            .setRef(1)
                            .addItems(push(1, 0).setTopic("open-news").setOffset(7))
                            .addItems(push(1, 1).setTopic("open-news").setOffset(9))
                            .addItems(push(1, 0).setSeq(3)))
                    .build());

            assertThat(side.hear().getAck())
                    .isEqualTo(Ack.newBuilder()
                            .setRef(1)
                            .setTopic("open-news")
                            .setOffset(9)
                            .build());
            assertThat(side.hear().getAck())
                    .isEqualTo(Ack.newBuilder().setRef(1).setSeq(3).build());
            assertThat(ask("state").path("following").asInt()).isEqualTo(1);
            CrowdCounts counts = counts();
            assertThat(counts.messages()).isEqualTo(3);
            assertThat(counts.frames()).isEqualTo(1);
            assertThat(counts.topicUs().getTotalCount()).isEqualTo(2);
            assertThat(missing(false, 1)).isZero();
            assertThat(missing(true, 2)).isZero();
            assertThat(missing(true, 3)).isEqualTo(1);
        }
    }

    private long missing(boolean ofTopics, long total) {
        return crowd.obey(Json.object()
                        .put("do", "missing")
                        .put("run", 1)
                        .put("total", total)
                        .put("users", 1)
                        .put("of_topics", ofTopics))
                .path("missing")
                .asLong();
    }

    @Test
    void itPingsAndTheAnswerIsTimed() throws Exception {
        Thread connecting = connect();
        try (Side side = new Side()) {
            connecting.join();
            crowd.obey(Json.object().put("do", "ping").put("per_s", 50));

            assertThat(side.hear().hasPing()).isTrue();
            side.say(ServerFrame.newBuilder().setPong(Pong.getDefaultInstance()).build());
            assertThat(side.hear().hasPing()).isTrue(); // not before the first is answered

            assertThat(counts().pongUs().getTotalCount()).isEqualTo(1);
        }
    }

    @Test
    void itDropsItsLinkAndComesBack() throws Exception {
        Thread connecting = connect();
        try (Side first = new Side()) {
            connecting.join();
            crowd.obey(Json.object().put("do", "drop").put("per_s", 50).put("away_ms", 1));
            assertThat(first.socket.getInputStream().read()).isEqualTo(-1);
            crowd.obey(Json.object().put("do", "drop").put("per_s", 0));

            try (Side second = new Side()) {
                assertThat(second.hello).isEqualTo(first.hello);
                second.say(ServerFrame.newBuilder()
                        .setCaughtUp(CaughtUp.newBuilder().setRef(1))
                        .build());
                CrowdCounts counts = counts();
                long until = System.nanoTime() + WITHIN.toNanos();
                while (counts.backUs().getTotalCount() == 0 && System.nanoTime() < until) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                    counts.add(counts());
                }
                assertThat(counts.backUs().getTotalCount()).isEqualTo(1);
                assertThat(ask("state").path("away").asInt()).isZero();
            }
        }
    }
}
