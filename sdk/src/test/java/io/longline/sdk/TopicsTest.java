package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.sdk.state.MemoryStateStore;
import io.longline.v1.ClientFrame;
import io.longline.v1.TopicPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the room is told of topics, on a clock that the test sets. */
class TopicsTest {
    private static final String KEY = "demo/u1/phone";

    private final MemoryStateStore store = new MemoryStateStore();
    private final Topics topics = new Topics(1, KEY, store);
    private long nowMs = 5_000;

    /** What is written now, in words. */
    private List<String> said() throws IOException {
        List<String> said = new ArrayList<>();
        topics.say(nowMs, frame -> said.add(words(frame)));
        return said;
    }

    private static String words(ClientFrame frame) {
        if (frame.hasUnsubscribe()) {
            return "unsubscribe " + frame.getUnsubscribe().getTopic();
        }
        return "subscribe " + frame.getSubscribe().getTopic()
                + (frame.getSubscribe().hasAfter()
                        ? " after " + frame.getSubscribe().getAfter()
                        : "")
                + (frame.getSubscribe().hasLast()
                        ? " last " + frame.getSubscribe().getLast()
                        : "");
    }

    private List<String> positions() {
        List<String> positions = new ArrayList<>();
        for (TopicPosition position : topics.positions()) {
            assertThat(position.getResume()).isTrue();
            positions.add(position.getTopic() + " after " + position.getAfter());
        }
        return positions;
    }

    /** What the room answers has come to the app's thread. */
    private void subscribed(String topic, long offset) {
        topics.of(topic).subscribed(offset);
        topics.of(topic).reached(offset);
    }

    private void handle(long offset) throws Exception {
        topics.of("news").progress().take(offset, maybeRepeated -> {});
    }

    @Test
    void whatTheAppWantsIsSaidOnceALink() throws Exception {
        topics.follow("news");
        topics.follow("old", 7);
        topics.followLast("chat", 50);
        topics.followLast("later", 0);
        topics.unfollow("sport");
        assertThat(topics.sayAtMs()).isZero();
        assertThat(said())
                .containsExactly(
                        "subscribe news",
                        "subscribe old after 7",
                        "subscribe chat last 50",
                        "subscribe later last 0",
                        "unsubscribe sport");
        assertThat(said()).isEmpty();
        assertThat(topics.sayAtMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatTheRoomHasNotAnsweredIsAskedAgainOnTheNextLinkAndWhatItHasIsNamedInTheBind() throws Exception {
        topics.follow("news");
        topics.follow("old", 7);
        said();
        subscribed("news", 100);

        topics.linkLost(nowMs);
        assertThat(positions()).containsExactly("news after 100");
        assertThat(said()).containsExactly("subscribe old after 7");
    }

    @Test
    void theBindNamesWhatWasFinishedWithAndNeverLessThanWhereItBegan() throws Exception {
        store.finish(KEY + "/news", 40); // long ago, before it was followed no longer
        topics.follow("news");
        said();
        subscribed("news", 100);
        assertThat(positions()).containsExactly("news after 100");

        handle(101);
        handle(105);
        assertThat(positions()).containsExactly("news after 105");
    }

    @Test
    void aBeginningThatTheAppNamesCountsThoughMoreWasFinishedWith() throws Exception {
        handle(101);
        handle(105);
        topics.follow("news", 50);
        said();
        topics.of("news").subscribed(50);
        assertThat(positions()).as("before the app's thread is there").containsExactly("news after 50");

        topics.of("news").reached(50);
        assertThat(topics.of("news").progress().finished()).isEqualTo(50);
        handle(101);
        assertThat(positions()).containsExactly("news after 101");
        assertThat(store.finished(KEY + "/news")).as("for the next run").isEqualTo(105);

        topics.linkLost(nowMs);
        topics.positions();
        subscribed("news", 50);
        assertThat(topics.of("news").progress().finished()).as("it counts once").isEqualTo(101);
    }

    @Test
    void whatTheRoomSaysOfWhatItKnewIsNotTheAnswerToABeginning() throws Exception {
        handle(101);
        topics.follow("news", 50);
        said();
        subscribed("news", 99);
        assertThat(topics.of("news").progress().finished()).isEqualTo(101);
        subscribed("news", 50);
        assertThat(topics.of("news").progress().finished()).isEqualTo(50);

        topics.followLast("news", 3);
        said();
        handle(101);
        subscribed("news", 101);
        subscribed("news", 60);
        assertThat(topics.of("news").progress().finished()).isEqualTo(60);

        topics.linkLost(nowMs);
        topics.positions();
        subscribed("news", 40);
        assertThat(topics.of("news").progress().finished()).isEqualTo(60);
    }

    @Test
    void anAnswerThatTheAppsThreadDidNotReachIsNoneForTheNextLink() throws Exception {
        topics.follow("news");
        said();
        topics.of("news").subscribed(150); // behind messages that were sent before it
        topics.linkLost(nowMs);
        assertThat(positions()).isEmpty();
        assertThat(said()).containsExactly("subscribe news");
    }

    @Test
    void withoutABeginningWhatWasFinishedWithStaysSo() throws Exception {
        handle(105);
        topics.follow("news");
        said();
        subscribed("news", 50);
        assertThat(topics.of("news").progress().finished()).isEqualTo(105);
        assertThat(positions()).containsExactly("news after 105");
    }

    @Test
    void whatOnlyTheBackEndLetsItFollowIsNotNamed() throws Exception {
        handle(105);
        subscribed("news", 100);
        assertThat(positions()).isEmpty();
        assertThat(said()).isEmpty();
    }

    @Test
    void ofBroadcastsTheBindNamesWhatWasFinishedWithThoughTheAppNeverNamedTheirTopics() throws Exception {
        store.finish(KEY + "/*urgent", 40); // in an earlier run
        topics.of("*").progress().take(105, maybeRepeated -> {});
        topics.of("*urgent");
        topics.of("*quiet");
        assertThat(positions()).containsExactly("* after 105", "*urgent after 40");
        assertThat(said()).isEmpty();

        subscribed("*", 100);
        topics.of("*").progress().take(107, maybeRepeated -> {});
        topics.linkLost(nowMs);
        assertThat(positions()).containsExactly("* after 107", "*urgent after 40");
        assertThat(said()).isEmpty();
        assertThat(topics.sayAtMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void broadcastsTakeNoPlaceInTheBindFromWhatTheAppFollows() throws Exception {
        for (int i = 0; i < 300; i++) {
            topics.of("*" + i).progress().take(105, maybeRepeated -> {});
        }
        assertThat(positions()).hasSize(200);

        for (int i = 0; i < 199; i++) {
            topics.follow("t" + i);
        }
        said();
        for (int i = 0; i < 199; i++) {
            subscribed("t" + i, 100);
        }
        assertThat(positions()).hasSize(200).startsWith("t0 after 100").endsWith("t198 after 100", "*0 after 105");
    }

    @Test
    void anUnsubscribeIsSaidAgainOnlyWhereItsLinkEndedSoon() throws Exception {
        topics.unfollow("news");
        said();
        topics.linkLost(nowMs + 1_000);
        assertThat(said()).containsExactly("unsubscribe news");

        topics.linkLost(nowMs + Topic.SETTLED_MS);
        assertThat(said()).isEmpty();
    }

    @Test
    void theNewestOfWhatTheAppWantsCounts() throws Exception {
        topics.follow("news");
        topics.unfollow("news");
        assertThat(said()).containsExactly("unsubscribe news");
        subscribed("news", 100); // late
        assertThat(positions()).isEmpty();

        topics.follow("news");
        assertThat(said()).containsExactly("subscribe news");
    }

    @Test
    void whatIsRefusedForAWhileIsSaidAgainAndForGoodNotAgain() throws Exception {
        topics.follow("news");
        topics.follow("sport");
        said();
        topics.of("news").sayAgainAt(nowMs + 300);
        topics.of("sport").refused();
        assertThat(topics.sayAtMs()).isEqualTo(nowMs + 300);
        assertThat(said()).isEmpty();

        nowMs += 300;
        assertThat(said()).containsExactly("subscribe news");
        topics.linkLost(nowMs);
        assertThat(said()).containsExactly("subscribe news");
    }

    @Test
    void whatCannotGoOnIsWantedNoLongerUnlessTheAppHasSaidSoSince() throws Exception {
        topics.follow("news");
        said();
        subscribed("news", 100);
        topics.linkLost(nowMs);
        assertThat(positions()).containsExactly("news after 100");
        topics.follow("news");
        assertThat(topics.of("news").ended())
                .as("of the bind, not of the wish since")
                .isFalse();
        assertThat(said()).containsExactly("subscribe news");

        subscribed("news", 110);
        topics.linkLost(nowMs);
        positions();
        assertThat(topics.of("news").ended()).isTrue();
        topics.linkLost(nowMs);
        assertThat(positions()).isEmpty();
        assertThat(said()).isEmpty();
    }

    @Test
    void whatCouldNotBeWrittenIsStillToBeSaid() throws Exception {
        topics.follow("news");
        assertThatThrownBy(() -> topics.say(nowMs, frame -> {
                    throw new IOException("the link is gone");
                }))
                .hasMessage("the link is gone");
        assertThat(said()).containsExactly("subscribe news");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "50%", "ü", "*", "*urgent"})
    void aNameThatIsNoTopicsIsRefused(String name) {
        assertThatThrownBy(() -> topics.follow(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
        assertThatThrownBy(() -> topics.unfollow(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersBelowZeroAndLongNamesAreRefused() throws Exception {
        assertThatThrownBy(() -> topics.follow("news", -1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> topics.followLast("news", -1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> topics.followLast("news", 1_001)).hasMessageContaining("expected 0 to 1000");
        assertThatThrownBy(() -> topics.follow("n".repeat(129))).hasMessageContaining("129");
        assertThat(said()).isEmpty();
    }
}
