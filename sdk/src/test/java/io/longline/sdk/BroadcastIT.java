package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.longline.sdk.state.FileStateStore;
import io.longline.sdk.state.MemoryStateStore;
import io.longline.v1.Ack;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame.KindCase;
import io.longline.v1.TopicPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broadcasts, which come without a word of the app, between it and a room. */
class BroadcastIT extends ClientSetup {
    private static final long FIRST = 1769472000001024L;
    private static final String ALL = "*";

    @TempDir
    private Path folder = Path.of("");

    BroadcastIT() throws IOException {}

    private static TopicPosition position(String topic, long after) {
        return TopicPosition.newBuilder()
                .setTopic(topic)
                .setAfter(after)
                .setResume(true)
                .build();
    }

    @Test
    void whatNobodyAskedForIsHandedOverAndAcknowledgedByTopicAndOffset() throws Exception {
        started(builder());
        RoomLink link = room.link();
        assertThat(link.welcome().getBind(0).getTopicsCount()).isZero();

        link.topicPush(ALL, FIRST);
        Ack ack = link.next(KindCase.ACK).getAck();

        assertThat(ack)
                .isEqualTo(Ack.newBuilder()
                        .setRef(1)
                        .setTopic(ALL)
                        .setOffset(FIRST)
                        .build());
        assertThat(app.messages())
                .extracting(Message::topic, Message::offset, Message::seq, Message::user, Message::text)
                .containsExactly(tuple(ALL, FIRST, 0L, "u1", "text " + FIRST));
    }

    @Test
    void eachBroadcastTopicHasItsOwnOrderBesideTheInbox() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.topicPush(ALL, FIRST + 9);
        link.topicPush("*urgent", FIRST);
        link.push(FIRST + 5);
        link.topicPush("*urgent", FIRST + 1);

        await().untilAsserted(() -> assertThat(app.messages()).hasSize(4));
        assertThat(app.messages())
                .extracting(Message::topic, Message::offset)
                .containsExactly(
                        tuple(ALL, FIRST + 9), tuple("*urgent", FIRST), tuple(null, 0L), tuple("*urgent", FIRST + 1));
        assertThat(app.messages()).noneMatch(Message::maybeRepeated);
    }

    @Test
    void whatComesTwiceIsHandedOverOnceAndAcknowledgedAgain() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.topicPush(ALL, FIRST);
        link.topicAcksUpTo(ALL, FIRST);

        link.topicPush(ALL, FIRST);
        link.topicAcksUpTo(ALL, FIRST);
        link.topicPush(ALL, FIRST + 2);
        link.topicPush(ALL, FIRST + 1); // behind what is finished with: an offset comes in its order or not at all
        link.topicAcksUpTo(ALL, FIRST + 2);
        link.push(FIRST);
        link.next(KindCase.ACK);

        assertThat(app.offsets()).containsExactly(FIRST, FIRST + 2, 0L);
    }

    @Test
    void messagesOfOneMergeWindowComeOneByOne() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();

        link.topicPushes(ALL, FIRST, FIRST + 1, FIRST + 1, FIRST + 3);
        link.topicAcksUpTo(ALL, FIRST + 3);

        assertThat(app.offsets()).containsExactly(FIRST, FIRST + 1, FIRST + 3);
    }

    @Test
    void theNextLinkNamesWhatWasFinishedWithAndWhatComesAgainIsDropped() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.topicPush(ALL, FIRST);
        link.topicPush(ALL, FIRST + 1);
        link.topicPush("*urgent", FIRST + 7);
        await().untilAsserted(() -> assertThat(app.messages()).hasSize(3));
        link.close();

        RoomLink next = room.link();
        Bind bind = next.welcome().getBind(0);
        assertThat(bind.getTopicsList())
                .containsExactlyInAnyOrder(position(ALL, FIRST + 1), position("*urgent", FIRST + 7));
        next.subscribed(ALL, FIRST + 1);
        next.topicPush(ALL, FIRST + 1);
        next.topicPush(ALL, FIRST + 2);
        next.topicAcksUpTo(ALL, FIRST + 2);

        assertThat(app.offsets()).containsExactly(FIRST, FIRST + 1, FIRST + 7, FIRST + 2);
        assertThat(app.events()).as("the app did not ask").noneMatch(event -> event.startsWith("following"));
    }

    @Test
    void aRestartedAppDropsWhatItFinishedWithThoughTheRoomHasNoAckOfIt() throws Exception {
        Path file = folder.resolve("state");
        LonglineClient client = started(builder(new FileStateStore(file)));
        RoomLink link = room.link();
        link.welcome();
        link.topicPush(ALL, FIRST);
        link.topicPush("*urgent", FIRST + 7);
        await().untilAsserted(() -> assertThat(app.messages()).hasSize(2));
        client.close();

        started(builder(new FileStateStore(file)));
        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getTopicsCount())
                .as("the server knows it by itself")
                .isZero();
        next.topicPush(ALL, FIRST);
        next.topicPush("*urgent", FIRST + 7);
        next.topicPush(ALL, FIRST + 1);
        next.topicAcksUpTo(ALL, FIRST + 1);

        assertThat(app.offsets()).containsExactly(FIRST, FIRST + 7, FIRST + 1);
        assertThat(app.messages()).noneMatch(Message::maybeRepeated);
    }

    @Test
    void aBroadcastWhoseListenerThrewComesAgainMarkedAndNothingBehindItComesBefore() throws Exception {
        started(builder().listener(message -> {
            app.onMessage(message);
            if (message.offset() == FIRST + 1 && !message.maybeRepeated()) {
                throw new IOException("no disk");
            }
        }));
        RoomLink link = room.link();
        link.welcome();
        for (int i = 0; i < 3; i++) {
            link.topicPush(ALL, FIRST + i);
        }

        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getTopicsList()).containsExactly(position(ALL, FIRST));
        next.topicPush(ALL, FIRST + 1);
        next.topicPush(ALL, FIRST + 2);
        next.topicAcksUpTo(ALL, FIRST + 2);
        assertThat(app.offsets()).containsExactly(FIRST, FIRST + 1, FIRST + 1, FIRST + 2);
        assertThat(app.messages()).extracting(Message::maybeRepeated).containsExactly(false, false, true, false);
    }

    @Test
    void twoAccountsOnOneLinkGetEachBroadcastOnceEach() throws Exception {
        MemoryStateStore store = new MemoryStateStore();
        started(builder(store).also("demo", "u7", () -> "other token").also("shop", "u1", () -> "third token"));
        RoomLink link = room.link();
        link.welcome();
        for (int ref : new int[] {1, 2, 3, 2, 1}) {
            link.topicPush(ref, ALL, FIRST);
        }
        link.topicPush(2, ALL, FIRST + 1);

        Map<Integer, Long> acked = new HashMap<>();
        while (!Map.of(1, FIRST, 2, FIRST + 1, 3, FIRST).equals(acked)) {
            Ack ack = link.next(KindCase.ACK).getAck();
            assertThat(ack.getTopic()).isEqualTo(ALL);
            acked.put(ack.getRef(), ack.getOffset());
        }
        assertThat(app.messages())
                .extracting(Message::product, Message::user, Message::offset)
                .containsExactly(
                        tuple("demo", "u1", FIRST),
                        tuple("demo", "u7", FIRST),
                        tuple("shop", "u1", FIRST),
                        tuple("demo", "u7", FIRST + 1));
        link.close();
        assertThat(room.link().welcome().getBindList())
                .extracting(bind -> bind.getTopics(0).getAfter())
                .containsExactly(FIRST, FIRST + 1, FIRST);
    }

    @Test
    void aGapIsToldInItsPlaceAndWhatComesBehindItIsHandedOver() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.topicPush(ALL, FIRST);
        link.gap(ALL, FIRST + 50);
        link.topicPush(ALL, FIRST + 50);
        link.topicAcksUpTo(ALL, FIRST + 50);

        assertThat(app.events()).contains("gap * " + (FIRST + 50));
        assertThat(app.offsets()).containsExactly(FIRST, FIRST + 50);
    }

    @Test
    void whatARoomSaysAgainstATopicOfBroadcastsIsNotTheAppsBusinessAndChangesNothing() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.topicPush(ALL, FIRST);
        link.topicAcksUpTo(ALL, FIRST);
        link.error(ALL, "INVALID_ARGUMENT", 0); // as an earlier release says
        link.error(ALL, "NOT_FOUND", 0);
        link.error(ALL, "DEPENDENCY_DOWN", 10);
        link.topicPush(ALL, FIRST + 1);
        link.topicAcksUpTo(ALL, FIRST + 1);
        link.close();

        assertThat(room.link().welcome().getBind(0).getTopicsList()).containsExactly(position(ALL, FIRST + 1));
        assertThat(app.events()).noneMatch(event -> event.startsWith("refused"));
        assertThat(app.offsets()).containsExactly(FIRST, FIRST + 1);
    }
}
