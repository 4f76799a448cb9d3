package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.sdk.state.FileStateStore;
import io.longline.sdk.state.MemoryStateStore;
import io.longline.v1.Ack;
import io.longline.v1.ClientFrame.KindCase;
import io.longline.v1.Hello;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches the app, and what the room hears of it. */
class DeliveryIT extends ClientSetup {
    private static final long FIRST = 1769472000001024L;

    @TempDir
    private Path folder = Path.of("");

    DeliveryIT() throws IOException {}

    @Test
    void handsOver1000MessagesInOrderExactlyOnceThoughTheLinkDropsInTheMiddle() throws Exception {
        started(builder());
        List<Long> inbox =
                LongStream.range(0, 1_000).mapToObj(i -> FIRST + 3 * i).toList();
        int dropAfter = 10;
        boolean done = false;
        while (!done) {
            RoomLink link = room.link();
            long acked = link.welcome().getBind(0).getSeq();
            List<Long> waiting = inbox.stream().filter(seq -> seq > acked).toList();
            done = waiting.size() <= dropAfter;
            for (long seq : waiting.subList(0, Math.min(dropAfter, waiting.size()))) {
                link.push(seq);
            }
            if (done) {
                link.caughtUp(inbox.get(999));
                link.acksUpTo(inbox.get(999));
            } else {
                link.close();
                dropAfter += 37;
            }
        }
        assertThat(app.seqs()).isEqualTo(inbox);
        assertThat(app.messages()).noneMatch(Message::maybeRepeated);
        await().untilAsserted(() -> assertThat(app.events()).contains("caught up " + inbox.get(999) + " after 1000"));
    }

    @Test
    void dropsAMessageThatComesAgainAndAcknowledgesItAgain() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.push(FIRST);
        link.acksUpTo(FIRST);
        link.push(FIRST);
        link.acksUpTo(FIRST);
        link.push(FIRST + 1);
        link.acksUpTo(FIRST + 1);
        assertThat(app.seqs()).containsExactly(FIRST, FIRST + 1);
    }

    @Test
    void acknowledgesInBatches() throws Exception {
        started(builder().clock(() -> 0)); // the first is acknowledged alone, and then each 32, as no time passes
        RoomLink link = room.link();
        link.welcome();
        for (int i = 0; i < 641; i++) {
            link.push(FIRST + i);
        }
        assertThat(link.acksUpTo(FIRST + 640)).isEqualTo(21);
    }

    @Test
    void aSingleMessageIsAcknowledgedWithoutWaitingForOthers() throws Exception {
        started(builder().clock(() -> 0)); // on which no time ever passes
        RoomLink link = room.link();
        link.welcome();
        link.push(FIRST);
        assertThat(link.next(KindCase.ACK).getAck().getSeq()).isEqualTo(FIRST);
    }

    @Test
    void whatOneRunFinishedIsTheSeqOfTheNextHello() throws Exception {
        MemoryStateStore store = new MemoryStateStore();
        LonglineClient client = started(builder(store));
        RoomLink link = room.link();
        link.welcome();
        link.push(FIRST);
        await().untilAsserted(() -> assertThat(app.seqs()).hasSize(1));
        client.close();
        assertThat(link.next(KindCase.ACK).getAck().getSeq()).isEqualTo(FIRST);

        started(builder(store));
        Hello hello = room.link().hello();
        assertThat(hello.getBind(0).getSeq()).isEqualTo(FIRST);
        assertThat(hello.getDevice()).isEqualTo("phone");
    }

    @Test
    void afterAnAppWasKilledInMidHandlingThatMessageComesMarked() throws Exception {
        Path file = folder.resolve("state");
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch handling = new CountDownLatch(1);
        started(builder(new FileStateStore(file)).listener(message -> {
            if (message.seq() == FIRST + 1) {
                handling.countDown();
                never.await();
            }
        }));
        RoomLink link = room.link();
        link.welcome();
        link.push(FIRST);
        link.push(FIRST + 1);
        handling.await();

        started(builder(new FileStateStore(file)));
        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getSeq()).isEqualTo(FIRST);
        next.push(FIRST + 1);
        next.push(FIRST + 2);
        next.acksUpTo(FIRST + 2);
        assertThat(app.seqs()).containsExactly(FIRST + 1, FIRST + 2);
        assertThat(app.messages()).extracting(Message::maybeRepeated).containsExactly(true, false);
        never.countDown();
    }

    @Test
    void aMessageWhoseListenerThrewComesAgainMarkedAndBeforeThoseBehindIt() throws Exception {
        started(builder().listener(message -> {
            app.onMessage(message);
            if (message.seq() == FIRST + 1 && !message.maybeRepeated()) {
                throw new IOException("no disk");
            }
        }));
        RoomLink link = room.link();
        link.welcome();
        link.pushes(FIRST, 5);
        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getSeq()).isEqualTo(FIRST);
        for (int i = 1; i < 5; i++) {
            next.push(FIRST + i);
        }
        next.acksUpTo(FIRST + 4);
        assertThat(app.seqs()).containsExactly(FIRST, FIRST + 1, FIRST + 1, FIRST + 2, FIRST + 3, FIRST + 4);
        assertThat(app.messages().get(2).maybeRepeated()).isTrue();
        assertThat(app.events()).contains("failed no disk", "closed 0, comes back");
    }

    @Test
    void aListenerThatThrowsOnEventsDisturbsNothing() throws Exception {
        started(builder().connectionListener(new ConnectionListener() {
            @Override
            public void onBound(String product, String user) {
                throw new IllegalStateException("not ready");
            }

            @Override
            public void onFailed(Throwable problem) {
                app.onFailed(problem);
                throw new IllegalStateException("nor this");
            }
        }));
        RoomLink link = room.link();
        link.welcome();
        link.push(FIRST);
        link.acksUpTo(FIRST);
        assertThat(app.events()).containsExactly("failed not ready");
    }

    @Test
    void anAppThatIsBehindHoldsTheRoomBackButNotTheHeartbeat() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        started(builder().listener(message -> {
            go.await();
            app.onMessage(message);
        }));
        RoomLink link = room.link().heartbeat(1);
        link.welcome();
        for (int i = 0; i < 3_000; i++) {
            link.push(FIRST + i);
        }
        link.next(KindCase.PING);
        link.next(KindCase.PING);
        assertThat(app.messages()).isEmpty();
        go.countDown();
        link.acksUpTo(FIRST + 2_999);
        assertThat(app.seqs())
                .hasSize(3_000)
                .isEqualTo(app.seqs().stream().sorted().toList());
    }

    @Test
    void severalEndpointsOnOneLinkHaveTheirOwnOrder() throws Exception {
        started(builder().also("shop", "u7", () -> "other token"));
        RoomLink link = room.link();
        Hello hello = link.welcome();
        assertThat(hello.getBind(1).getProduct()).isEqualTo("shop");
        assertThat(hello.getBind(1).getToken()).isEqualTo("other token");
        link.push(1, FIRST + 5);
        link.push(2, FIRST);
        link.push(2, FIRST + 1);
        link.push(1, FIRST + 6);
        await().untilAsserted(() -> assertThat(app.messages()).hasSize(4));
        assertThat(app.messages()).extracting(Message::product).containsExactly("demo", "shop", "shop", "demo");
        Map<Integer, Long> acked = new HashMap<>();
        while (!Map.of(1, FIRST + 6, 2, FIRST + 1).equals(acked)) {
            Ack ack = link.next(KindCase.ACK).getAck();
            acked.put(ack.getRef(), ack.getSeq());
        }
    }
}
