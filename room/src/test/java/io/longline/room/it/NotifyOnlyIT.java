package io.longline.room.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.Direction;
import io.longline.frames.FrameLimits;
import io.longline.frames.json.JsonFrames;
import io.longline.rpc.v1.Endpoint;
import io.longline.rpc.v1.HandOverResult;
import io.longline.rpc.v1.Message;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame.KindCase;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A message that travels without payload, as a hint and from the inbox, in both forms of frames. */
@Timeout(60)
class NotifyOnlyIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static final JsonFrames<ClientFrame> JSON =
            new JsonFrames<>(Direction.CLIENT_TO_ROOM, FrameLimits.FROM_CLIENT);

    @SuppressWarnings("NullAway.Init") // before all tests
    private static RoomWorld world;

    @BeforeAll
    static void open() {
        world = new RoomWorld(ZOOKEEPER.store(), Map.of());
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static Message notice() {
        return world.message().toBuilder()
                .clearText()
                .setNotifyOnly(true)
                .setSpreadS(30)
                .setPullKey("orders/1")
                .setCollapseKey("order-1")
                .build();
    }

    private static void assertBare(Push push) {
        assertThat(push.getPayloadCase()).isEqualTo(Push.PayloadCase.PAYLOAD_NOT_SET);
        assertThat(push.getNotifyOnly()).isTrue();
        assertThat(push.getSpreadS()).isEqualTo(30);
        assertThat(push.getPullKey()).isEqualTo("orders/1");
        assertThat(push.getCollapseKey()).isEqualTo("order-1");
    }

    @Test
    void onANativeLinkItHasNoPayloadButItsKeys() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("n1");
        MapSaver.Stored waits = world.saver.store(endpoint, notice());
        try (NativeClient client = world.connect()) {
            client.hello(world.bind(1, "n1")).welcomed();
            Push loaded = client.expect(KindCase.PUSH).getPush();
            client.expect(KindCase.CAUGHT_UP);
            assertThat(world.hint(endpoint, world.saver.store(endpoint, notice()))
                            .getResult())
                    .isEqualTo(HandOverResult.HAND_OVER_WRITTEN);

            assertThat(loaded.getSeq()).isEqualTo(waits.seq());
            assertBare(loaded);
            assertBare(client.expect(KindCase.PUSH).getPush());
        }
    }

    @Test
    void inJsonThereIsNeitherTextNorData() throws Exception {
        Endpoint endpoint = RoomWorld.endpoint("n2");
        try (SocketOfWeb client = SocketOfWeb.connect(world.room.linkPort())) {
            ClientFrame hello = ClientFrame.newBuilder()
                    .setHello(Hello.newBuilder().addBind(world.bind(1, "n2")))
                    .build();
            client.text(UTF_8.decode(JSON.encode(hello)).toString());
            assertThat(client.nextText()).startsWith("{\"welcome\":").contains("\"ok\":true");
            assertThat(client.nextText()).startsWith("{\"caught_up\":");

            world.hint(endpoint, world.saver.store(endpoint, notice()));

            assertThat(client.nextText())
                    .startsWith("{\"push\":")
                    .contains("\"pull_key\":\"orders/1\"", "\"collapse_key\":\"order-1\"")
                    .contains("\"notify_only\":true", "\"spread_s\":30")
                    .doesNotContain("\"text\"", "\"data\"");
            world.push(endpoint);
            assertThat(client.nextText()).contains("\"text\":\"text\"").doesNotContain("notify_only", "spread_s");
        }
    }
}
