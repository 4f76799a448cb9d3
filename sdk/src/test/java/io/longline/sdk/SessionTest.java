package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.frames.CloseCode;
import io.longline.sdk.state.MemoryStateStore;
import io.longline.sdk.state.StateStore;
import io.longline.v1.Push;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final String KEY = "demo/u1/phone";

    private final StateStore store = new MemoryStateStore();
    private final TestApp app = new TestApp();

    @Test
    void handsEachSeqOverOnceAndDropsWhatComesAgain() throws Exception {
        Session session = session();
        for (long seq : new long[] {10, 12, 10, 12, 11, 13}) {
            session.take(push(seq), app);
        }
        assertThat(app.seqs()).containsExactly(10L, 12L, 13L);
        assertThat(session.acks().takeAll()).isEqualTo(13);
        assertThat(store.finished(KEY)).isEqualTo(13);
    }

    @Test
    void aRepeatedMessageIsAcknowledgedThoughItIsDropped() throws Exception {
        Session session = session();
        session.take(push(10), app);
        session.acks().takeAll();
        session.take(push(10), app);
        assertThat(session.acks().takeAll()).isEqualTo(10);
    }

    @Test
    void goesOnWhereTheLastRunFinished() throws Exception {
        store.finish(KEY, 10);
        Session session = session();
        assertThat(session.bind().getSeq()).isEqualTo(10);
        session.take(push(10), app);
        session.take(push(11), app);
        assertThat(app.seqs()).containsExactly(11L);
    }

    @Test
    void aNewEndpointBindsWithoutSeq() {
        assertThat(session().bind().hasSeq()).isFalse();
    }

    @Test
    void marksTheMessageThatAKilledAppWasHandlingAndNoOther() throws Exception {
        store.finish(KEY, 10);
        store.begin(KEY, 11);
        Session session = session();
        session.take(push(11), app);
        session.take(push(12), app);
        assertThat(app.messages()).extracting(Message::maybeRepeated).containsExactly(true, false);
    }

    @Test
    void aMessageWhoseListenerThrewIsNotFinishedAndComesMarked() throws Exception {
        Session session = session();
        MessageListener broken = message -> {
            throw new IllegalStateException("no disk");
        };
        assertThatThrownBy(() -> session.take(push(10), broken)).hasMessage("no disk");
        assertThat(session.acks().isEmpty()).isTrue();
        assertThat(session.bind().hasSeq()).isFalse();

        session.take(push(10), app);
        assertThat(app.messages()).extracting(Message::maybeRepeated).containsExactly(true);
    }

    @Test
    void whatTheStoreCouldNotTakeAfterTheListenerReturnedIsMadeUpForWithoutIt() throws Exception {
        BreakingStore breaking = new BreakingStore();
        Session session = session(breaking);
        MessageListener breaks = message -> {
            app.onMessage(message);
            breaking.broken(true);
        };
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> session.take(push(10), breaks)).hasMessage("the store is broken");
        }
        assertThat(session.acks().isEmpty()).isTrue();

        breaking.broken(false);
        session.take(push(10), app);
        session.take(push(11), app);
        assertThat(app.seqs()).containsExactly(10L, 11L);
        assertThat(breaking.finished(KEY)).isEqualTo(11);
        assertThat(session.acks().takeAll()).isEqualTo(11);
    }

    @Test
    void aClientThatIsLateToFinishPutsTheNextOneNotBack() throws Exception {
        Session late = session();
        late.take(push(10), message -> {
            Session next = session();
            next.take(push(10), app);
            next.take(push(11), app);
            store.begin(KEY, 12);
        });
        assertThat(store.finished(KEY)).isEqualTo(11);
        assertThat(store.handling(KEY)).isEqualTo(12);
    }

    @Test
    void aMessageWithoutSeqIsHandedOverWithoutState() throws Exception {
        Session session = session();
        session.take(Push.newBuilder().setMessageId("m").build(), app);
        session.take(Push.newBuilder().setMessageId("m").build(), app);
        assertThat(app.messages()).hasSize(2);
        assertThat(session.acks().isEmpty()).isTrue();
        assertThat(store.handling(KEY)).isZero();
    }

    @Test
    void eachTopicHasItsOwnOrderAndTheInboxItsOwn() throws Exception {
        Session session = session();
        session.take(topicPush("news", 10), app);
        session.take(topicPush("sport", 5), app);
        session.take(push(3), app);
        session.take(topicPush("news", 10), app);
        session.take(topicPush("news", 11), app);
        session.take(topicPush("sport", 4), app);
        assertThat(app.messages())
                .extracting(Message::messageId)
                .containsExactly("news-10", "sport-5", "m3", "news-11");
        assertThat(session.acks().takeAll()).isEqualTo(3);
        assertThat(session.topics().acks(AckBatch::takeAll))
                .extracting(frame ->
                        frame.getAck().getTopic() + " " + frame.getAck().getOffset())
                .containsExactly("news 11", "sport 5");
        assertThat(session.hasAcks()).isFalse();
    }

    @Test
    void aTopicGoesOnWhereTheLastRunFinishedAndMarksWhatAKilledAppWasHandling() throws Exception {
        store.finish(KEY + "/news", 10);
        store.begin(KEY + "/news", 11);
        Session session = session();
        session.take(topicPush("news", 10), app);
        session.take(topicPush("news", 11), app);
        session.take(topicPush("news", 12), app);
        assertThat(app.offsets()).containsExactly(11L, 12L);
        assertThat(app.messages()).extracting(Message::maybeRepeated).containsExactly(true, false);
        assertThat(store.finished(KEY + "/news")).isEqualTo(12);
        assertThat(store.finished(KEY)).isZero();
    }

    @Test
    void aRefusedTokenIsTriedOnceMoreAndAgainAfterTheNextBind() {
        Session session = session();
        int badToken = CloseCode.BAD_TOKEN.number();
        assertThat(session.comesBackAfter(badToken, false)).isTrue();
        assertThat(session.comesBackAfter(badToken, false)).isFalse();
        session.bound();
        assertThat(session.comesBackAfter(badToken, false)).isTrue();
    }

    @Test
    void otherCodesDecideByTheirRetry() {
        Session session = session();
        assertThat(session.comesBackAfter(CloseCode.REPLACED.number(), false)).isFalse();
        assertThat(session.comesBackAfter(CloseCode.BLOCKED.number(), true)).isTrue();
    }

    private Session session() {
        return session(store);
    }

    private static Session session(StateStore store) {
        Session session = new Session(1, new Session.Endpoint("demo", "u1", () -> "token"), "phone", store);
        session.load();
        return session;
    }

    private static Push topicPush(String topic, long offset) {
        return Push.newBuilder()
                .setRef(1)
                .setTopic(topic)
                .setOffset(offset)
                .setMessageId(topic + "-" + offset)
                .build();
    }

    private static Push push(long seq) {
        return Push.newBuilder().setRef(1).setSeq(seq).setMessageId("m" + seq).build();
    }
}
