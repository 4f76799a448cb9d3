package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.sdk.PullHook.Answer;
import io.longline.sdk.state.FileStateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages without payload, over links and restarts of the app. */
class PullIT extends ClientSetup {
    private static final long FIRST = 1769472000001024L;
    private static final int DAY_S = 86_400;

    private final List<Message> pulled = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    PullIT() throws IOException {}

    private Answer pull(Message message) {
        pulled.add(message);
        return Answer.DONE;
    }

    @Test
    void theRoomHasItsAckAndTheAppTheNextMessagesWhileThePullWaits() throws Exception {
        started(builder().pullHook(this::pull));
        RoomLink link = room.link();
        link.welcome();
        link.notice(FIRST, DAY_S);
        link.acksUpTo(FIRST);
        link.push(FIRST + 1);
        link.acksUpTo(FIRST + 1);
        link.notice(FIRST + 2, 1);
        link.acksUpTo(FIRST + 2);
        assertThat(app.seqs()).containsExactly(FIRST + 1);

        await().untilAsserted(
                        () -> assertThat(pulled).extracting(Message::pullKey).contains("p/" + (FIRST + 2)));
    }

    @Test
    void itIsAskedAgainUntilItIsDoneAlsoWhileThereIsNoLink() throws Exception {
        started(builder().pullHook(message -> {
            pulled.add(message);
            return pulled.size() < 3 ? Answer.NOT_YET : Answer.DONE;
        }));
        RoomLink link = room.link();
        link.welcome();
        link.notice(FIRST, 0);
        await().until(() -> !pulled.isEmpty());
        dispatcher.status(503, 0);
        link.close();

        await().until(() -> pulled.size() == 3);
        dispatcher.status(200, 0);
        RoomLink next = room.link();
        assertThat(next.welcome().getBind(0).getSeq()).isEqualTo(FIRST);
        next.notice(FIRST, 0); // the room may not have had the ack
        next.push(FIRST + 1);
        next.acksUpTo(FIRST + 1);
        assertThat(pulled).hasSize(3);
        assertThat(pulled).extracting(Message::maybeRepeated).containsExactly(false, true, true);
    }

    @Test
    void aRestartedAppPullsWhatWaited() throws Exception {
        Path file = folder.resolve("state");
        LonglineClient client = started(builder(new FileStateStore(file)).pullHook(this::pull));
        RoomLink link = room.link();
        link.welcome();
        link.notice(FIRST, DAY_S);
        link.notice(FIRST + 1, DAY_S);
        link.acksUpTo(FIRST + 1);
        client.close();
        assertThat(pulled).hasSizeLessThan(2);

        long tomorrowMs = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
        started(builder(new FileStateStore(file)).wallClock(() -> tomorrowMs).pullHook(this::pull));
        assertThat(room.link().welcome().getBind(0).getSeq()).isEqualTo(FIRST + 1);
        await().untilAsserted(() -> assertThat(pulled).extracting(Message::seq).containsExactly(FIRST, FIRST + 1));
        assertThat(pulled).noneMatch(Message::maybeRepeated);
        await().untilAsserted(() ->
                assertThat(new FileStateStore(file).pulls("demo/u1/phone")).isEmpty());
    }

    @Test
    void anAppThatWasKilledInMidPullPullsAgainMarked() throws Exception {
        Path file = folder.resolve("state");
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch pulling = new CountDownLatch(1);
        started(builder(new FileStateStore(file)).pullHook(message -> {
            pulling.countDown();
            never.await();
            return Answer.DONE;
        }));
        RoomLink link = room.link();
        link.welcome();
        link.notice(FIRST, 0);
        link.acksUpTo(FIRST);
        pulling.await();

        started(builder(new FileStateStore(file)).pullHook(this::pull));
        room.link().welcome();
        await().untilAsserted(() -> assertThat(pulled).hasSize(1));
        assertThat(pulled.get(0).maybeRepeated()).isTrue();
        never.countDown();
    }

    @Test
    void withoutAHookTheListenerGetsItInItsOrder() throws Exception {
        started(builder());
        RoomLink link = room.link();
        link.welcome();
        link.push(FIRST);
        link.notice(FIRST + 1, DAY_S);
        link.push(FIRST + 2);
        link.acksUpTo(FIRST + 2);
        assertThat(app.seqs()).containsExactly(FIRST, FIRST + 1, FIRST + 2);
        Message message = app.messages().get(1);
        assertThat(message.notifyOnly()).isTrue();
        assertThat(message.text()).isNull();
        assertThat(message.pullKey()).isEqualTo("p/" + (FIRST + 1));
    }
}
