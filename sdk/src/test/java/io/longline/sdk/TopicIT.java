package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.sdk.state.FileStateStore;
import io.longline.sdk.state.MemoryStateStore;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame.KindCase;
import io.longline.v1.Subscribe;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics, between an app and a room. */
class TopicIT extends ClientSetup {
    private static final long FIRST = 1769472000001024L;

    @TempDir
    private Path folder = Path.of("");

    TopicIT() throws IOException {}

    private static Subscribe subscribe(RoomLink link) throws InterruptedException {
        return link.next(KindCase.SUBSCRIBE).getSubscribe();
    }

    @Test
    void whatIsFollowedBeforeThereIsALinkIsAskedForAfterTheWelcomeAndItsMessagesAreAcknowledged() throws Exception {
        LonglineClient client = builder().build();
        client.topics().follow("news");
        client.start();
        try (client) {
            RoomLink link = room.link();
            assertThat(link.welcome().getBind(0).getTopicsCount()).isZero();
            Subscribe subscribe = subscribe(link);
            assertThat(subscribe.getRef()).isEqualTo(1);
            assertThat(subscribe.getTopic()).isEqualTo("news");
            assertThat(subscribe.hasAfter() || subscribe.hasLast()).isFalse();

            link.subscribed("news", FIRST);
            link.topicPush("news", FIRST + 1);
            link.topicPush("news", FIRST + 2);
            link.topicAcksUpTo("news", FIRST + 2);
            assertThat(app.offsets()).containsExactly(FIRST + 1, FIRST + 2);
            assertThat(app.messages()).extracting(Message::topic).containsOnly("news");
            assertThat(app.messages()).extracting(Message::seq).containsOnly(0L);
            assertThat(app.events()).contains("following news after " + FIRST);
        }
    }

    @Test
    void whatIsFollowedOnAnIdleLinkIsSaidAtOnce() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        await().untilAsserted(() -> assertThat(app.events()).contains("bound demo/u1"));
        client.topics().follow("old", 7);
        assertThat(subscribe(link).getAfter()).isEqualTo(7);
        client.topics().followLast("chat", 50);
        assertThat(subscribe(link).getLast()).isEqualTo(50);
        client.topics().unfollow("sport");
        assertThat(link.next(KindCase.UNSUBSCRIBE).getUnsubscribe().getTopic()).isEqualTo("sport");
    }

    @Test
    void whatIsFollowedNoLongerJustBeforeTheEndIsSaidToo() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();
        await().untilAsserted(() -> assertThat(app.events()).contains("bound demo/u1"));
        client.topics().unfollow("sport");
        client.close();
        assertThat(link.next(KindCase.UNSUBSCRIBE).getUnsubscribe().getTopic()).isEqualTo("sport");
    }

    @Test
    void aListenerMayFollow() throws Exception {
        LonglineClient[] self = new LonglineClient[1];
        self[0] = started(builder().listener(message -> self[0].topics().follow("of-" + message.seq())));
        RoomLink link = room.link();
        link.welcome();
        link.push(FIRST);
        boolean asked = false;
        boolean acked = false;
        while (!asked || !acked) {
            var frame = link.poll(30_000);
            assertThat(frame).isNotNull();
            asked |= frame != null && frame.hasSubscribe();
            acked |= frame != null && frame.hasAck();
        }
    }

    @Test
    void theNextLinkGoesOnBehindWhatWasFinishedWithAndWhatComesAgainIsDropped() throws Exception {
        LonglineClient client = started(builder());
        client.topics().follow("news");
        RoomLink link = room.link();
        link.welcome();
        subscribe(link);
        link.subscribed("news", FIRST);
        link.topicPush("news", FIRST + 1);
        link.topicPush("news", FIRST + 2);
        link.topicAcksUpTo("news", FIRST + 2);
        link.close();

        RoomLink next = room.link();
        Bind bind = next.welcome().getBind(0);
        assertThat(bind.getTopicsList()).hasSize(1);
        assertThat(bind.getTopics(0).getTopic()).isEqualTo("news");
        assertThat(bind.getTopics(0).getAfter()).isEqualTo(FIRST + 2);
        assertThat(bind.getTopics(0).getResume()).isTrue();
        next.subscribed("news", FIRST + 1);
        next.topicPush("news", FIRST + 2);
        next.topicPush("news", FIRST + 3);
        next.topicAcksUpTo("news", FIRST + 3);
        assertThat(app.offsets()).containsExactly(FIRST + 1, FIRST + 2, FIRST + 3);
    }

    @Test
    void aRestartedAppDropsWhatItFinishedWithThoughTheRoomHasNoAckOfIt() throws Exception {
        Path file = folder.resolve("state");
        LonglineClient client = started(builder(new FileStateStore(file)));
        RoomLink link = room.link();
        link.welcome();
        link.topicPush("news", FIRST + 1); // the back end lets it follow
        await().untilAsserted(() -> assertThat(app.offsets()).hasSize(1));
        client.close();

        started(builder(new FileStateStore(file)));
        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getTopicsCount())
                .as("the server knows it by itself")
                .isZero();
        next.topicPush("news", FIRST + 1);
        next.topicPush("news", FIRST + 2);
        next.topicAcksUpTo("news", FIRST + 2);
        assertThat(app.offsets()).containsExactly(FIRST + 1, FIRST + 2);
        assertThat(app.messages()).noneMatch(Message::maybeRepeated);
    }

    @Test
    void aTopicMessageWhoseListenerThrewComesAgainMarkedAndBeforeThoseBehindIt() throws Exception {
        LonglineClient client = started(builder().listener(message -> {
            app.onMessage(message);
            if (message.offset() == FIRST + 2 && !message.maybeRepeated()) {
                throw new IOException("no disk");
            }
        }));
        client.topics().followLast("news", 3);
        RoomLink link = room.link();
        link.welcome();
        subscribe(link);
        link.subscribed("news", FIRST);
        for (int i = 1; i <= 3; i++) {
            link.topicPush("news", FIRST + i);
        }
        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getTopics(0).getAfter()).isEqualTo(FIRST + 1);
        next.topicPush("news", FIRST + 2);
        next.topicPush("news", FIRST + 3);
        next.topicAcksUpTo("news", FIRST + 3);
        assertThat(app.offsets()).containsExactly(FIRST + 1, FIRST + 2, FIRST + 2, FIRST + 3);
        assertThat(app.messages()).extracting(Message::maybeRepeated).containsExactly(false, false, true, false);
    }

    @Test
    void whatTheAppAsksForAgainComesAgain() throws Exception {
        LonglineClient client = started(builder(new MemoryStateStore()));
        client.topics().follow("news");
        RoomLink link = room.link();
        link.welcome();
        subscribe(link);
        link.subscribed("news", FIRST);
        link.topicPush("news", FIRST + 1);
        link.topicPush("news", FIRST + 2);
        link.topicAcksUpTo("news", FIRST + 2);

        client.topics().follow("news", FIRST);
        assertThat(subscribe(link).getAfter()).isEqualTo(FIRST);
        link.subscribed("news", FIRST);
        link.topicPush("news", FIRST + 1);
        link.topicPush("news", FIRST + 2);
        link.topicPush("news", FIRST + 3);
        link.topicAcksUpTo("news", FIRST + 3);
        assertThat(app.offsets()).containsExactly(FIRST + 1, FIRST + 2, FIRST + 1, FIRST + 2, FIRST + 3);
    }

    @Test
    void aRefusalForAWhileIsTriedAgainAndOneForGoodIsTold() throws Exception {
        LonglineClient client = started(builder());
        client.topics().follow("news");
        RoomLink link = room.link();
        link.welcome();
        subscribe(link);
        link.error("news", "DEPENDENCY_DOWN", 10);
        assertThat(subscribe(link).getTopic()).isEqualTo("news");
        assertThat(app.events()).noneMatch(event -> event.startsWith("refused"));

        link.error("news", "PERMISSION_DENIED", 0);
        await().untilAsserted(() -> assertThat(app.events()).contains("refused news PERMISSION_DENIED: no"));
        link.close();
        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getTopicsCount()).isZero();
        next.push(FIRST);
        next.acksUpTo(FIRST);
    }

    @Test
    void whatTheBackEndHasEndedIsToldAndNotFollowedAnew() throws Exception {
        LonglineClient client = started(builder());
        client.topics().follow("news");
        RoomLink link = room.link();
        link.welcome();
        subscribe(link);
        link.subscribed("news", FIRST);
        link.topicPush("news", FIRST + 1);
        link.topicAcksUpTo("news", FIRST + 1);
        link.close();

        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getTopicsCount()).isEqualTo(1);
        next.error("news", "NOT_FOUND", 0);
        await().untilAsserted(() -> assertThat(app.events()).contains("refused news NOT_FOUND: no"));
        next.close();

        RoomLink third = room.link();
        assertThat(third.welcome().getBind(0).getTopicsCount()).isZero();
        third.push(FIRST);
        third.acksUpTo(FIRST); // and no subscribe before it
        client.topics().follow("news");
        assertThat(subscribe(third).hasAfter()).isFalse();
    }

    @Test
    void aGapIsToldInItsPlace() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.gap("news", FIRST);
        link.topicPush("news", FIRST);
        link.topicAcksUpTo("news", FIRST);
        assertThat(app.events()).contains("gap news " + FIRST);
    }

    @Test
    void eachEndpointHasItsOwnTopics() throws Exception {
        LonglineClient client = started(builder().also("shop", "u7", () -> "other token"));
        client.topics("shop", "u7").follow("offers");
        RoomLink link = room.link();
        link.welcome();
        assertThat(subscribe(link).getRef()).isEqualTo(2);
        assertThatThrownBy(() -> client.topics("shop", "u1")).hasMessageContaining("shop");
    }
}
