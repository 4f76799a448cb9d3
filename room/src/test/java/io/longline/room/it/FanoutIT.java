package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.room.transport.LinkKind;
import io.longline.rpc.v1.EveryoneReply;
import io.longline.rpc.v1.EveryoneRequest;
import io.longline.rpc.v1.FanoutGrpc;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Push;
import io.longline.v1.ServerFrame.KindCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** One message to every session of a product. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.longline.room.it.RoomWorld#linkKinds")
class FanoutIT {
    private static final BatchMethod<EveryoneRequest, EveryoneReply> EVERYONE =
            BatchMethod.of(FanoutGrpc.getEveryoneMethod(), EveryoneRequest.class, EveryoneReply.class);

    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Parameter
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // JUnit hands it to open
    LinkKind kind;

    @SuppressWarnings("NullAway.Init") // before the first test of each kind
    private static RoomWorld world;

    @BeforeParameterizedClassInvocation
    static void open(LinkKind kind) {
        world = new RoomWorld(ZOOKEEPER.store(), kind, Map.of());
    }

    @AfterParameterizedClassInvocation
    static void close() {
        world.close();
    }

    private static EveryoneReply tell(String product, String text) {
        EveryoneRequest request = EveryoneRequest.newBuilder()
                .setProduct(product)
                .setMessage(world.message().toBuilder().setText(text).setQos(0))
                .build();
        return world.peer().await(EVERYONE, request, Deadline.after(RoomWorld.PATIENCE));
    }

    private static NativeClient bound(String product, String user) throws Exception {
        NativeClient client = world.connect();
        client.hello(world.bind(1, product, user, 0)).welcomed();
        client.expect(KindCase.CAUGHT_UP);
        return client;
    }

    @Test
    void itReachesEverySessionOfTheProductInOrderAndNobodyElse() throws Exception {
        List<NativeClient> ours = new ArrayList<>();
        try (NativeClient stranger = bound("other", "f-stranger")) {
            for (int i = 0; i < 20; i++) {
                ours.add(bound("demo", "f-" + i));
            }

            long loads = world.saver.loads();
            for (int i = 0; i < 10; i++) {
                assertThat(tell("demo", "news " + i).getWritten()).isEqualTo(20);
            }

            for (NativeClient client : ours) {
                for (int i = 0; i < 10; i++) {
                    Push push = client.expect(KindCase.PUSH).getPush();
                    assertThat(push.getText()).isEqualTo("news " + i);
                    assertThat(push.getSeq()).isZero();
                    assertThat(push.getQos()).isZero();
                }
            }
            stranger.expectNothing(Duration.ofMillis(100));
            assertThat(world.saver.loads()).isEqualTo(loads);
        } finally {
            for (NativeClient client : ours) {
                client.close();
            }
        }
    }

    @Test
    void withoutSessionsNobodyIsReached() {
        EveryoneReply reply = tell("nobodys", "news");

        assertThat(reply.getWritten()).isZero();
        assertThat(reply.getDropped()).isZero();
    }

    @Test
    void whoReadsTooSlowlyMissesSomeAndTheOthersNone() throws Exception {
        double dropped = world.metric("longline_room_fanout_total", "outcome=\"slow\"");
        try (NativeClient slow = NativeClient.connectLazily(world.linkPort());
                NativeClient fast = bound("demo", "f-fast")) {
            slow.hello(world.bind(1, "demo", "f-slow", 0));
            await().until(() -> world.register.route(RoomWorld.endpoint("f-slow")) != null);
            await().until(() -> tell("demo", "first").getWritten() == 2);
            int told = 1;
            for (EveryoneReply reply = tell("demo", text(told));
                    reply.getDropped() == 0;
                    reply = tell("demo", text(told))) {
                assertThat(reply.getWritten()).isEqualTo(2);
                told++;
                assertThat(told).isLessThan(10_000);
            }

            for (int i = 1; i < told; i++) {
                assertThat(next(fast)).startsWith(i + " ");
            }
            slow.read();
            slow.welcomed();
            int last = 0;
            for (int i = 1; i < told; i++) {
                int number = Integer.parseInt(next(slow).split(" ", 2)[0]);
                assertThat(number).isEqualTo(last + 1);
                last = number;
            }
            assertThat(world.metric("longline_room_fanout_total", "outcome=\"slow\""))
                    .isGreaterThan(dropped);
        }
    }

    private static String text(int number) {
        return number + " " + "x".repeat(16 * 1024);
    }

    /** The next push that is not one of the first. */
    private static String next(NativeClient client) throws InterruptedException {
        while (true) {
            var frame = client.next();
            if (frame.hasPush() && !frame.getPush().getText().equals("first")) {
                return frame.getPush().getText();
            }
        }
    }
}
