package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.frames.CloseCode;
import io.longline.v1.ClientFrame;
import io.longline.v1.ClientFrame.KindCase;
import io.longline.v1.Uplink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the app sends to its back end, as the room sees it. */
@Timeout(60)
class UplinkIT extends ClientSetup {
    private static final long PATIENCE_MS = 30_000;
    private static final long LONG_MS = 3_600_000;

    UplinkIT() throws IOException {}

    private static Uplink uplink(RoomLink link) throws InterruptedException {
        ClientFrame frame = link.poll(PATIENCE_MS);
        while (frame != null && frame.hasAck()) { // acks go beside it
            frame = link.poll(PATIENCE_MS);
        }
        assertThat(frame).isNotNull();
        assertThat(frame.hasUplink()).as("%s", frame).isTrue();
        return frame.getUplink();
    }

    private static void assertTaken(CompletableFuture<Void> sent) throws Exception {
        sent.get(30, TimeUnit.SECONDS);
    }

    private static void assertRefused(CompletableFuture<?> sent, String reason) {
        assertThatThrownBy(() -> sent.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UplinkRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void anUplinkIsSentAndItsFutureDoneWhenTheRoomHasIt() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();

        CompletableFuture<Void> text = client.send("order", "two apples");
        Uplink first = uplink(link);
        assertThat(first.getRef()).isEqualTo(1);
        assertThat(first.getType()).isEqualTo("order");
        assertThat(first.getText()).isEqualTo("two apples");
        assertThat(first.getId()).isNotEmpty();
        assertThat(text).isNotDone();
        link.uplinkAck(first.getId());
        assertTaken(text);

        CompletableFuture<Void> data = client.uplinks("demo", "u1").send("order", new byte[] {0, -1});
        Uplink second = uplink(link);
        assertThat(second.getData().toByteArray()).containsExactly(0, -1);
        assertThat(second.getId()).isNotEqualTo(first.getId());
        link.uplinkAck(second.getId());
        assertTaken(data);
    }

    @Test
    void theNextOneIsSentWhenTheFormerWasTaken() throws Exception {
        LonglineClient client = builder().build();
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) { // before there is a link
            sent.add(client.uplinks().send("id" + i, "order", "text"));
        }
        client.start();
        RoomLink link = room.link();
        link.welcome();

        for (int i = 0; i < 5; i++) {
            assertThat(uplink(link).getId()).isEqualTo("id" + i);
            assertThat(link.poll(50)).as("behind id" + i).isNull();
            link.uplinkAck("id" + i);
            assertTaken(sent.get(i));
        }
        client.close();
    }

    @Test
    void whatMayBeTakenLaterIsSentAgainThenAndNotBefore() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        CompletableFuture<Void> first = client.uplinks().send("a", "order", "text");
        CompletableFuture<Void> second = client.uplinks().send("b", "order", "text");
        assertThat(uplink(link).getId()).isEqualTo("a");

        long refusedAt = System.nanoTime();
        link.uplinkError("a", "USER_RATE_EXCEEDED", 700);

        assertThat(uplink(link).getId()).isEqualTo("a");
        assertThat(System.nanoTime() - refusedAt).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(700));
        link.uplinkAck("a");
        assertTaken(first);
        assertThat(uplink(link).getId()).isEqualTo("b");
        link.uplinkAck("b");
        assertTaken(second);
    }

    @Test
    void whatIsRefusedFailsWithTheReasonAndTheNextGoesOn() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        CompletableFuture<Void> first = client.uplinks().send("a", "parade", "text");
        CompletableFuture<Void> second = client.uplinks().send("b", "order", "text");
        assertThat(uplink(link).getId()).isEqualTo("a");
        link.uplinkError("a", "NOT_FOUND", 0);

        assertRefused(first, "NOT_FOUND");
        assertThat(uplink(link).getId()).isEqualTo("b");
        link.uplinkAck("b");
        assertTaken(second);
    }

    @Test
    void whatWasNotTakenWhenTheLinkWasLostIsSentAgainOnTheNextUnderTheSameId() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        CompletableFuture<Void> first = client.uplinks().send("a", "order", "text");
        var unused = client.uplinks().send("b", "order", "text");
        assertThat(uplink(link).getId()).isEqualTo("a");
        link.close();

        RoomLink next = room.link();
        next.welcome();

        assertThat(uplink(next).getId()).isEqualTo("a");
        next.uplinkAck("a");
        assertTaken(first);
        assertThat(uplink(next).getId()).isEqualTo("b");
    }

    @Test
    void aRequestIsAnsweredByTheMessageThatNamesItWhichNoListenerGets() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();

        CompletableFuture<Message> request = client.request("order", "how much?", LONG_MS);
        String id = uplink(link).getId();
        link.uplinkAck(id);
        link.push(1);
        link.reply(2, id);
        link.push(3);

        assertThat(request.get(30, TimeUnit.SECONDS).text()).isEqualTo("reply 2");
        await().until(() -> app.seqs().size() == 2);
        assertThat(app.seqs()).containsExactly(1L, 3L);
        await().until(() -> link.next(KindCase.ACK).getAck().getSeq() == 3);
    }

    @Test
    void aReplyThatComesBeforeItsAckOrAfterItsTimeIsNotLost() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        CompletableFuture<Message> early = client.request("order", "how much?", LONG_MS);
        String id = uplink(link).getId();
        link.reply(1, id);
        assertThat(early.get(30, TimeUnit.SECONDS).seq()).isEqualTo(1);
        link.uplinkAck(id);

        CompletableFuture<Message> late = client.request("order", "and now?", 1);
        assertThatThrownBy(() -> late.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
        String lateId = uplink(link).getId();
        link.uplinkAck(lateId);
        link.reply(2, lateId);

        await().until(() -> app.seqs().equals(List.of(2L)));
        assertThat(app.messages().get(0).inReplyTo()).isEqualTo(lateId);
    }

    @Test
    void aRequestThatIsRefusedFails() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        CompletableFuture<Message> request = client.request("parade", "how much?", LONG_MS);

        link.uplinkError(uplink(link).getId(), "PAYLOAD_TOO_LARGE", 0);

        assertRefused(request, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void atMostSoManyWait() {
        LonglineClient client = builder().build();
        for (int i = 0; i < 256; i++) {
            assertThat(client.send("order", "text")).isNotDone();
        }
        assertRefused(client.send("order", "text"), "QUEUE_FULL");
        client.close();
    }

    @Test
    void whatWaitsWhenTheClientEndsFails() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        CompletableFuture<Message> request = client.request("order", "how much?", LONG_MS);
        CompletableFuture<Void> sent = client.send("order", "text");
        uplink(link);

        client.close();

        assertRefused(request, "CLOSED");
        assertRefused(sent, "CLOSED");
        assertRefused(client.send("order", "text"), "CLOSED");
    }

    @Test
    void whatWaitsWhenTheRoomEndsTheEndpointForGoodFails() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        CompletableFuture<Void> sent = client.send("order", "text");
        uplink(link);

        link.close(CloseCode.KICKED, 0);

        assertRefused(sent, "CLOSED");
    }
}
