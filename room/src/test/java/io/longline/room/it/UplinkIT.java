package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.rpc.v1.BringRequest;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.Error;
import io.longline.v1.Ping;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Uplink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client sends to its back end, as far as the coordinator. */
@Timeout(60)
class UplinkIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private final ListCoordinator coordinator = new ListCoordinator();
    private final RoomWorld world = new RoomWorld(ZOOKEEPER.store(), Map.of("room.answer-wait", "30s"));

    @BeforeEach
    void serve() {
        world.serve("coordinator", coordinator.service());
    }

    @AfterEach
    void close() {
        coordinator.goOn();
        world.close();
    }

    private NativeClient bound(Bind... binds) throws Exception {
        NativeClient client = world.connect().hello(binds);
        client.welcomed();
        for (int i = 0; i < binds.length; i++) {
            client.expect(KindCase.CAUGHT_UP);
        }
        return client;
    }

    private static Uplink.Builder uplink(int ref, String id) {
        return Uplink.newBuilder().setRef(ref).setId(id).setType("order").setText("says " + id);
    }

    private static ClientFrame frame(Uplink.Builder uplink) {
        return ClientFrame.newBuilder().setUplink(uplink).build();
    }

    private static Error error(NativeClient client) throws InterruptedException {
        return client.expect(KindCase.ERROR).getError();
    }

    private static void acked(NativeClient client, int ref, String id) throws InterruptedException {
        assertThat(client.expect(KindCase.UPLINK_ACK).getUplinkAck()).satisfies(ack -> {
            assertThat(ack.getRef()).isEqualTo(ref);
            assertThat(ack.getId()).isEqualTo(id);
        });
    }

    private List<String> kept() {
        return coordinator.kept().stream().map(BringRequest::getUplinkId).toList();
    }

    private void awaitCoordinator(NativeClient client) throws Exception {
        while (true) { // the room may not have heard of it yet
            client.send(frame(uplink(1, "first")));
            if (client.next().hasUplinkAck()) {
                return;
            }
        }
    }

    @Test
    void anUplinkIsAcknowledgedWhenACoordinatorHasIt() throws Exception {
        NativeClient client = bound(world.bind(1, "u1"), world.bind(2, "other", "u2", 0));
        awaitCoordinator(client);

        client.send(frame(uplink(2, "a").clearText().setData(ByteString.copyFrom(new byte[] {0, -1}))));

        acked(client, 2, "a");
        BringRequest text = coordinator.kept().getFirst();
        assertThat(text.getEndpoint()).isEqualTo(RoomWorld.endpoint("u1"));
        assertThat(text.getType()).isEqualTo("order");
        assertThat(text.getText()).isEqualTo("says first");
        assertThat(text.getGeneration()).isPositive();
        assertThat(text.getPlace().getRoom()).isEqualTo(world.instance());
        BringRequest data = coordinator.kept().getLast();
        assertThat(data.getEndpoint()).isEqualTo(RoomWorld.endpoint("other", "u2", "default"));
        assertThat(data.getData().toByteArray()).containsExactly(0, -1);
        client.close();
    }

    @Test
    void thoseOfASessionAreBroughtOneAfterTheOther() throws Exception {
        NativeClient client = bound(world.bind(1, "u1"));
        awaitCoordinator(client);
        coordinator.stop();
        List<String> ids = IntStream.range(0, 10).mapToObj(i -> "i" + i).toList();
        for (String id : ids) {
            client.send(frame(uplink(1, id)));
        }
        client.ping();
        client.expect(KindCase.PONG);
        await().until(() -> coordinator.asked().size() == 2);

        coordinator.goOn();

        for (String id : ids) {
            acked(client, 1, id);
        }
        assertThat(kept().subList(1, 11)).isEqualTo(ids);
        client.close();
    }

    @Test
    void oneSessionWhoseUplinkHangsDelaysNoOtherThingOnItsLink() throws Exception {
        NativeClient client = bound(world.bind(1, "u1"));
        awaitCoordinator(client);
        coordinator.stop();
        client.send(frame(uplink(1, "a")));
        await().until(() -> coordinator.asked().size() == 2);

        world.push(RoomWorld.endpoint("u1"));

        client.expect(KindCase.PUSH);
        coordinator.goOn();
        acked(client, 1, "a");
        client.close();
    }

    @Test
    void whatCannotBeTakenNowFailsWithAllBehindItAndATimeAfterWhichItMayBeTaken() throws Exception {
        NativeClient client = bound(world.bind(1, "u1"));
        awaitCoordinator(client);
        coordinator.refuse(
                new LonglineException(ErrorCode.QUEUE_FULL, "too many wait").retryAfter(Duration.ofMillis(2_345)));
        coordinator.stop();
        client.send(frame(uplink(1, "a")));
        client.send(frame(uplink(1, "b")));
        client.ping();
        client.expect(KindCase.PONG);
        coordinator.goOn();

        for (String id : List.of("a", "b")) {
            assertThat(error(client)).satisfies(error -> {
                assertThat(error.getId()).isEqualTo(id);
                assertThat(error.getReason()).isEqualTo("QUEUE_FULL");
                assertThat(error.getRetryAfterMs()).isEqualTo(2_345);
            });
        }
        coordinator.keepAgain();
        client.send(frame(uplink(1, "a")));
        acked(client, 1, "a");
        assertThat(kept()).containsExactly("first", "a");
        client.close();
    }

    @Test
    void whatIsWrongIsToldWithItsIdAndWithoutATime() throws Exception {
        NativeClient client = bound(world.bind(1, "u1"));
        awaitCoordinator(client);

        client.send(frame(uplink(9, "not-bound")));
        assertThat(error(client).getReason()).isEqualTo("INVALID_ARGUMENT");
        client.send(frame(uplink(1, "no type").setId("no-type").setType("")));
        assertThat(error(client)).satisfies(error -> {
            assertThat(error.getId()).isEqualTo("no-type");
            assertThat(error.getMessage()).contains("type");
            assertThat(error.hasRetryAfterMs()).isFalse();
        });
        client.send(frame(uplink(1, "a/b")));
        assertThat(error(client).getMessage()).contains("id");
        client.send(frame(uplink(1, "nothing").clearText()));
        assertThat(error(client).getMessage()).contains("text or data");
        client.send(frame(uplink(1, "large").setText("x".repeat(4_097))));
        assertThat(error(client)).satisfies(error -> {
            assertThat(error.getReason()).isEqualTo("PAYLOAD_TOO_LARGE");
            assertThat(error.getMessage()).contains("4097", "4096");
            assertThat(error.hasRetryAfterMs()).isFalse();
        });
        coordinator.refuse(new LonglineException(ErrorCode.NOT_FOUND, "nobody takes it"));
        client.send(frame(uplink(1, "for-nobody")));
        assertThat(error(client).getReason()).isEqualTo("NOT_FOUND");
        assertThat(kept()).containsExactly("first");
        client.send(ClientFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());
        client.expect(KindCase.PONG);
        client.close();
    }

    @Test
    void aSessionThatSendsMoreThanItMayIsToldWhenItMayAgainAndOthersGoOn() throws Exception {
        NativeClient client = bound(world.bind(1, "u1"), world.bind(2, "u2"));
        awaitCoordinator(client);
        int taken = 0;
        Error refused = null;
        for (int i = 0; refused == null && i < 2_000; i++) { // 600 a minute, all at once or not
            client.send(frame(uplink(1, "i" + i)));
            var answer = client.next();
            refused = answer.hasError() ? answer.getError() : null;
            taken += answer.hasUplinkAck() ? 1 : 0;
        }

        assertThat(taken).isGreaterThanOrEqualTo(590);
        assertThat(refused).isNotNull();
        assertThat(refused.getReason()).isEqualTo("USER_RATE_EXCEEDED");
        assertThat(refused.getRetryAfterMs()).isBetween(1L, 100L);
        client.send(frame(uplink(2, "other")));
        acked(client, 2, "other");
        client.close();
    }

    @Test
    void withoutACoordinatorTheClientIsToldToComeAgain() throws Exception {
        NativeClient client = bound(world.bind(1, "u1"));
        awaitCoordinator(client);
        world.withdraw("coordinator");

        client.send(frame(uplink(1, "a")));

        assertThat(error(client)).satisfies(error -> {
            assertThat(error.getReason()).isIn("DEPENDENCY_DOWN", "DRAINING");
            assertThat(error.getRetryAfterMs()).isPositive();
        });
        client.close();
    }

    @Test
    void whoLeavesWhileItsUplinkIsUnderWayHarmsNobody() throws Exception {
        NativeClient client = bound(world.bind(1, "u1"));
        awaitCoordinator(client);
        coordinator.stop();
        client.send(frame(uplink(1, "a")));
        client.send(frame(uplink(1, "b")));
        await().until(() -> coordinator.asked().size() == 2);
        client.close();
        await().until(() -> world.register.route(RoomWorld.endpoint("u1")) == null);

        coordinator.goOn();

        NativeClient next = bound(world.bind(1, "u1"));
        next.send(frame(uplink(1, "c")));
        acked(next, 1, "c");
        assertThat(kept()).containsExactly("first", "a", "c");
        next.close();
    }
}
