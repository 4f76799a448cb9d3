package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.frames.CloseCode;
import io.longline.v1.Bind;
import io.longline.v1.BindError;
import io.longline.v1.Bound;
import io.longline.v1.ClientFrame;
import io.longline.v1.ClientFrame.KindCase;
import io.longline.v1.Hello;
import io.longline.v1.Redirect;
import io.longline.v1.RoomAddress;
import io.longline.v1.ServerFrame;
import io.longline.v1.Unbound;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a client comes back, where, and when it does not. */
class ReconnectIT extends ClientSetup {
    private static final long SEQ = 1769472000001024L;

    ReconnectIT() throws IOException {}

    @Test
    void comesBackAfterACodeThatAllowsItAndNotBeforeItsTime() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        long closedAt = System.nanoTime();
        link.close(CloseCode.OVERLOADED, 400);
        room.link().welcome();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - closedAt)).isGreaterThanOrEqualTo(400);
        await().untilAsserted(() -> assertThat(app.events())
                .containsExactly(
                        "connected", "bound demo/u1", "closed 3003, comes back", "connected", "bound demo/u1"));
    }

    @Test
    void aClientThatNeverAcknowledgesStaysAwayForAsLongAsItIsTold() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        long closedAt = System.nanoTime();
        link.close(CloseCode.NEVER_ACKNOWLEDGES, 400);
        room.link().welcome();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - closedAt)).isGreaterThanOrEqualTo(400);
        await().untilAsserted(() -> assertThat(app.events()).contains("closed 3508, comes back"));
    }

    @Test
    void anEndpointThatIsToStayAwayIsNotBoundBeforeItsTimeNorOnANewLink() throws Exception {
        started(builder().also("shop", "u7", () -> "t"));
        RoomLink link = room.link();
        link.welcome();
        long refusedAt = System.nanoTime();
        link.send(ServerFrame.newBuilder()
                .setBound(Bound.newBuilder()
                        .setRef(2)
                        .setError(BindError.newBuilder()
                                .setCode(CloseCode.NEVER_ACKNOWLEDGES.number())
                                .setRetryAfterMs(4_000)))); // in which it has come back to the room
        await().untilAsserted(() -> assertThat(app.events()).contains("unbound shop 3508, comes back"));
        link.close();

        RoomLink next = room.link();
        assertThat(next.welcome().getBindList()).extracting(Bind::getProduct).containsExactly("demo");
        assertThat(next.next(KindCase.BIND).getBind().getProduct()).isEqualTo("shop");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - refusedAt)).isGreaterThanOrEqualTo(4_000);
    }

    @Test
    void stopsAfterACodeThatDoesNotAllowItAndTellsTheApp() throws Exception {
        for (CloseCode code : List.of(CloseCode.REPLACED, CloseCode.KICKED, CloseCode.MALFORMED_FRAME)) {
            app.events().clear();
            started(builder());
            RoomLink link = room.link();
            link.welcome();
            link.close(code, 0);
            await().untilAsserted(() ->
                    assertThat(app.events()).containsExactly("connected", "bound demo/u1", "closed " + code.number()));
        }
        assertThat(room.isWaited()).isFalse();
    }

    @Test
    void aBlockedClientComesBackBecauseTheRoomSaysSo() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.close(CloseCode.BLOCKED, 50);
        room.link().welcome();
    }

    @Test
    void aRoomThatRefusesItForAReasonOfItsOwnIsTriedAgainWhenItsTimeHasCome() throws Exception {
        try (TestRoom second = new TestRoom()) {
            dispatcher.rooms(room.address(), second.address());
            started(builder());
            RoomLink link = room.link();
            link.hello();
            long refusedAt = System.nanoTime();
            link.close(CloseCode.BLOCKED, 300); // there is no welcome where no bind succeeds
            room.link().welcome();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - refusedAt))
                    .isGreaterThanOrEqualTo(300);
            assertThat(second.isWaited()).isFalse();
            await().untilAsserted(() -> assertThat(app.events()).startsWith("closed 3505, comes back", "connected"));
        }
    }

    @Test
    void asksForATokenOnceMoreAfterARefusalAndThenGivesUp() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        started(builder().token(() -> "token " + asked.incrementAndGet()));
        for (int i = 1; i <= 2; i++) {
            RoomLink link = room.link();
            assertThat(link.hello().getBind(0).getToken()).isEqualTo("token " + i);
            link.close(CloseCode.BAD_TOKEN, 0);
        }
        await().untilAsserted(() -> assertThat(app.events()).containsExactly("closed 3500, comes back", "closed 3500"));
        assertThat(asked).hasValue(2);
    }

    @Test
    void aTokenThatRanOutOnALongLinkIsReplacedOnTheSameLink() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        started(builder().also("shop", "u7", () -> "token " + asked.incrementAndGet()));
        RoomLink link = room.link();
        link.welcome();
        for (int i = 2; i <= 4; i++) {
            unbound(link, 2, CloseCode.BAD_TOKEN);
            Bind bind = link.next(KindCase.BIND).getBind();
            assertThat(bind.getRef()).isEqualTo(2);
            assertThat(bind.getToken()).isEqualTo("token " + i);
            link.send(ServerFrame.newBuilder()
                    .setBound(Bound.newBuilder().setRef(2).setOk(true).setGeneration(i)));
        }
        link.push(2, SEQ);
        link.acksUpTo(SEQ);
    }

    @Test
    void theEndOfOneEndpointLeavesTheOther() throws Exception {
        started(builder().also("shop", "u7", () -> "t"));
        RoomLink link = room.link();
        link.welcome();
        unbound(link, 2, CloseCode.REPLACED);
        link.push(SEQ);
        link.acksUpTo(SEQ);
        assertThat(app.events()).contains("unbound shop 3501");

        link.close();
        Hello hello = room.link().welcome();
        assertThat(hello.getBindList()).extracting(Bind::getProduct).containsExactly("demo");
    }

    @Test
    void whenTheLastEndpointEndsTheClientDoes() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        unbound(link, 1, CloseCode.KICKED);
        await().untilAsserted(() -> assertThat(app.events()).endsWith("unbound demo 3502", "closed 3502"));
        await().until(link::hasEnded);
    }

    @Test
    void aCloseThatMeansTheOnlyBoundEndpointLeavesTheOthers() throws Exception {
        started(builder().also("shop", "u7", () -> "t"));
        RoomLink link = room.link();
        link.welcome();
        unbound(link, 1, CloseCode.BLOCKED, 4_000);
        await().untilAsserted(() -> assertThat(app.events()).contains("unbound demo 3505, comes back"));
        link.close(CloseCode.KICKED, 0); // of the other, which is the only one left

        RoomLink next = room.link();
        assertThat(next.welcome().getBindList()).extracting(Bind::getProduct).containsExactly("demo");
        await().untilAsserted(() -> assertThat(app.events())
                .containsSubsequence("unbound shop 3502", "closed 3502, comes back", "bound demo/u1"));
        next.close(CloseCode.REPLACED, 0);
        await().untilAsserted(() -> assertThat(app.events()).endsWith("unbound demo 3501", "closed 3501"));
    }

    @Test
    void aHelloThatIsRefusedForItsFirstEndpointKeepsOnlyThatOneAway() throws Exception {
        started(builder().also("shop", "u7", () -> "t"));
        RoomLink link = room.link();
        assertThat(link.hello().getBindList()).hasSize(2);
        long refusedAt = System.nanoTime();
        link.close(CloseCode.BLOCKED, 4_000); // in which the other has come to the room

        RoomLink next = room.link();
        assertThat(next.welcome().getBindList()).extracting(Bind::getProduct).containsExactly("shop");
        next.push(2, SEQ);
        next.acksUpTo(SEQ);
        assertThat(next.next(KindCase.BIND).getBind().getProduct()).isEqualTo("demo");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - refusedAt)).isGreaterThanOrEqualTo(4_000);
        assertThat(app.events()).contains("unbound demo 3505, comes back", "closed 3505, comes back");
    }

    @Test
    void aCloseOfTheWholeLinkIsOneForAllEndpoints() throws Exception {
        started(builder().also("shop", "u7", () -> "t"));
        RoomLink link = room.link();
        link.welcome();
        link.close(CloseCode.PROTOCOL_ABUSE, 0);
        await().untilAsserted(() -> assertThat(app.events()).endsWith("closed 3507"));
        assertThat(app.events()).noneMatch(event -> event.startsWith("unbound"));
    }

    @Test
    void anEndpointWithoutATokenKeepsNoOtherAway() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        started(builder().also("shop", "u7", () -> {
            if (asked.incrementAndGet() < 3) {
                throw new IllegalStateException("not logged in");
            }
            return "t";
        }));
        RoomLink link = room.link();
        assertThat(link.welcome().getBindList()).extracting(Bind::getProduct).containsExactly("demo");
        link.push(SEQ);
        assertThat(new String[] {kind(link), kind(link)}).containsExactlyInAnyOrder("ACK", "BIND");
        assertThat(app.events()).contains("failed not logged in").noneMatch(event -> event.startsWith("closed"));
    }

    private static String kind(RoomLink link) throws InterruptedException {
        ClientFrame frame = link.poll(30_000);
        return frame == null ? "none" : frame.getKindCase().name();
    }

    @Test
    void aRoundWithoutATokenUsesUpNoAddress() throws Exception {
        try (TestRoom second = new TestRoom()) {
            dispatcher.rooms(room.address(), second.address());
            AtomicInteger asked = new AtomicInteger();
            started(builder().token(() -> {
                if (asked.incrementAndGet() < 4) {
                    throw new IllegalStateException("not logged in");
                }
                return "token";
            }));
            room.link().welcome();
            assertThat(dispatcher.questions()).hasSize(1);
        }
    }

    @Test
    void whateverTheAppThrowsTheClientGoesOn() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger created = new AtomicInteger();
        started(builder()
                .token(() -> asked.incrementAndGet() == 1 ? thrown(new Throwable("no token yet")) : "token")
                .socketFactory(new PlainSockets() {
                    @Override
                    public Socket createSocket() {
                        return switch (created.incrementAndGet()) {
                            case 1 -> thrown(new NoClassDefFoundError("no sockets yet"));
                            case 2 -> thrown(new SecurityException("no permission yet"));
                            default -> new Socket();
                        };
                    }
                })
                .connectionListener(new ConnectionListener() {
                    @Override
                    public void onBound(String product, String user) {
                        thrown(new Throwable("not ready"));
                    }

                    @Override
                    public void onFailed(Throwable problem) {
                        app.onFailed(problem);
                        thrown(new Throwable("nor this"));
                    }
                }));
        RoomLink link = room.link();
        link.welcome();
        link.push(SEQ);
        link.acksUpTo(SEQ);
        assertThat(app.events())
                .containsExactly(
                        "failed no token yet", "failed no sockets yet", "failed no permission yet", "failed not ready");
    }

    /** As code in Kotlin may: what is checked too, without saying so. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, E extends Throwable> T thrown(Throwable problem) throws E {
        throw (E) problem;
    }

    @Test
    void aTokenSupplierThatThrowsIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        started(builder().token(() -> {
            if (asked.incrementAndGet() < 3) {
                throw new IllegalStateException("not logged in");
            }
            return "token";
        }));
        room.link().welcome();
        await().untilAsserted(() -> assertThat(app.events())
                .startsWith("failed not logged in", "closed 0, comes back", "failed not logged in"));
    }

    @Test
    void triesTheNextAddressWhereTheFirstCannotBeReached() throws Exception {
        try (Socket unheard = new Socket()) { // holds a port on which nobody listens
            unheard.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            RoomAddress dead = RoomAddress.newBuilder()
                    .setHost("127.0.0.1")
                    .setPort(unheard.getLocalPort())
                    .build();
            dispatcher.rooms(dead, room.address());
            started(builder());
            RoomLink link = room.link();
            link.welcome();
            link.close();
            room.link().welcome();
            assertThat(dispatcher.questions()).hasSize(1);
            await().untilAsserted(() -> assertThat(app.events()).first().isEqualTo("closed 0, comes back"));
        }
    }

    @Test
    void aRoomThatGoesAwayIsLeftForTheNextOne() throws Exception {
        try (TestRoom second = new TestRoom()) {
            dispatcher.rooms(room.address(), second.address());
            started(builder());
            RoomLink link = room.link();
            link.welcome();
            link.close(CloseCode.GOING_AWAY, 0);
            second.link().welcome();
        }
    }

    @Test
    void livesOnTheOldListWhileTheDispatcherIsAway() throws Exception {
        dispatcher.answer(dispatcher.answer().toBuilder().setCacheTtlS(0).build());
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        dispatcher.close();
        link.close();
        room.link().welcome();
    }

    @Test
    void waitsForADispatcherThatComesLate() throws Exception {
        dispatcher.status(500, 0);
        started(builder());
        await().untilAsserted(() -> assertThat(app.events()).contains("closed 0, comes back"));
        dispatcher.status(200, 0);
        room.link().welcome();
    }

    @Test
    void movesWhereARedirectSaysAfterItsDelayWithAllAcksSent() throws Exception {
        try (TestRoom second = new TestRoom()) {
            started(builder());
            RoomLink link = room.link();
            link.welcome();
            link.send(ServerFrame.newBuilder()
                    .setRedirect(Redirect.newBuilder()
                            .addRooms(second.address())
                            .setDelayMs(3_000) // in which the push arrives and is handled
                            .setReason("drain")));
            link.push(SEQ);
            assertThat(second.link().welcome().getBind(0).getSeq()).isEqualTo(SEQ);
            link.acksUpTo(SEQ);
            await().until(link::hasEnded);
        }
    }

    @Test
    void aBrokenFrameEndsTheLinkAndTheClientComesBack() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.hello();
        link.sendRaw(new byte[] {2, (byte) 0xFF, (byte) 0xFF});
        await().until(link::hasEnded);
        room.link().welcome();
    }

    @Test
    void anUnknownFrameIsIgnored() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.sendRaw(new byte[] {3, (byte) 0xA2, 0x06, 0});
        link.push(SEQ);
        link.acksUpTo(SEQ);
    }

    @Test
    void closingEndsTheLinkAndBothThreads() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        await().untilAsserted(() -> assertThat(app.events()).hasSize(2));
        client.close();
        await().until(link::hasEnded);
        assertThat(app.events()).containsExactly("connected", "bound demo/u1");
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("longline-link", "longline-app"));
    }

    private static void unbound(RoomLink link, int ref, CloseCode code) throws IOException {
        unbound(link, ref, code, 0);
    }

    private static void unbound(RoomLink link, int ref, CloseCode code, long retryAfterMs) throws IOException {
        link.send(ServerFrame.newBuilder()
                .setUnbound(Unbound.newBuilder()
                        .setRef(ref)
                        .setCode(code.number())
                        .setReason(code.reason())
                        .setRetry(code.retry())
                        .setRetryAfterMs(retryAfterMs)));
    }
}
