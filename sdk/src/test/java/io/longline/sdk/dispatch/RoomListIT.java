package io.longline.sdk.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.sdk.TestDispatcher;
import io.longline.v1.RoomAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoomListIT {
    private static final RoomAddress A = room("a", 1);
    private static final RoomAddress B = room("b", 2);
    private static final RoomAddress C = room("c", 3);

    private TestDispatcher dispatcher = new TestDispatcher();
    private long nowMs = -5_000;
    private RoomList rooms = list(dispatcher.url());

    RoomListIT() throws IOException {}

    @BeforeEach
    void threeRooms() {
        dispatcher.rooms(A, B, C);
    }

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void goesThroughTheListAndThenAsksAgainNamingWhatFailed() throws IOException {
        for (RoomAddress room : List.of(A, B, C)) {
            assertThat(rooms.next()).isEqualTo(room);
            rooms.failed(room);
        }
        assertThat(rooms.next()).isEqualTo(A);
        assertThat(dispatcher.questions())
                .containsExactly(
                        "product=demo&user=u=1&device=phone&attempt=0",
                        "product=demo&user=u=1&device=phone&attempt=1&failed=a:1,b:2,c:3");
    }

    @Test
    void beginsWithTheRoomThatWorkedLastAndKeepsTheAnswerForItsTime() throws IOException {
        rooms.next();
        rooms.failed(A);
        assertThat(rooms.next()).isEqualTo(B);
        rooms.worked(B);
        assertThat(rooms.next()).isEqualTo(B);

        nowMs += 59_999;
        rooms.worked(B);
        rooms.next();
        assertThat(dispatcher.questions()).hasSize(1);

        nowMs += 1;
        assertThat(rooms.next()).isEqualTo(B);
        assertThat(dispatcher.questions()).hasSize(2).last().asString().endsWith("attempt=0&last=b:2");
    }

    @Test
    void aRoomThatAskedUsToGoComesLast() throws IOException {
        rooms.next();
        rooms.worked(A);
        rooms.failed(A);
        assertThat(rooms.next()).isEqualTo(B);
        assertThat(rooms.next()).isEqualTo(C);
        assertThat(rooms.next()).isEqualTo(B);
        assertThat(rooms.next()).isEqualTo(C);
        assertThat(rooms.next()).isEqualTo(A);
    }

    @Test
    void keepsAnOldAnswerWhileNoDispatcherAnswers() throws IOException {
        rooms.next();
        rooms.worked(A);
        dispatcher.close();
        nowMs += 3_600_000;
        for (RoomAddress room : List.of(A, B, C, A, B, C)) {
            assertThat(rooms.next()).isEqualTo(room);
            rooms.failed(room);
        }
    }

    @Test
    void withoutAnyAnswerTheProblemIsTold() {
        dispatcher.close();
        assertThatThrownBy(() -> rooms.next()).isInstanceOf(IOException.class);
    }

    @Test
    void asksTheNextDispatcherWhereTheFirstDoesNotAnswer() throws IOException {
        try (TestDispatcher second = new TestDispatcher().rooms(C)) {
            dispatcher.status(503, 7);
            assertThat(list(dispatcher.url(), second.url()).next()).isEqualTo(C);
            dispatcher.close();
            assertThat(list(dispatcher.url(), second.url()).next()).isEqualTo(C);
        }
    }

    @Test
    void aRefusalSaysWhenToAskAgain() {
        dispatcher.status(503, 7);
        assertThatThrownBy(() -> rooms.next())
                .isInstanceOfSatisfying(
                        DispatchRefused.class,
                        refused -> assertThat(refused.retryAfterMs()).isEqualTo(7_000))
                .hasMessage("the dispatcher answered 503");
    }

    @Test
    void anAnswerWithoutRoomsIsARefusal() {
        dispatcher.rooms();
        assertThatThrownBy(() -> rooms.next())
                .isInstanceOf(DispatchRefused.class)
                .hasMessage("the dispatcher knows no room");
    }

    @Test
    void readsJsonToo() throws IOException {
        dispatcher.json();
        assertThat(rooms.next()).isEqualTo(A);
    }

    @Test
    void staysAwayUntilTheServersTime() throws IOException {
        dispatcher.answer(dispatcher.answer().toBuilder()
                .setServerTimeMs(1_700_000_000_000L)
                .setNotBeforeMs(1_700_000_002_000L)
                .build());
        rooms.next();
        assertThat(rooms.waitMs()).isEqualTo(2_000);
        nowMs += 2_000;
        assertThat(rooms.waitMs()).isZero();
    }

    @Test
    void goesWhereARoomSendsUsAndFromThereOnByTheList() throws IOException {
        rooms.next();
        rooms.worked(A);
        RoomAddress elsewhere = room("d", 4);
        rooms.redirect(List.of(elsewhere));
        assertThat(rooms.next()).isEqualTo(elsewhere);
        rooms.failed(elsewhere);
        assertThat(rooms.next()).isEqualTo(A);
    }

    @Test
    void goesWhereARoomSendsUsAlsoWhenTheAnswerHasGrownOld() throws IOException {
        rooms.next();
        rooms.worked(A);
        rooms.failed(A);
        nowMs += 60_000;
        rooms.redirect(List.of(room("d", 4), room("e", 5)));
        assertThat(rooms.next()).isEqualTo(room("d", 4));
        rooms.failed(room("d", 4));
        nowMs += 60_000;
        assertThat(rooms.next()).isEqualTo(room("e", 5));
        rooms.worked(room("e", 5));
        nowMs += 60_000;
        assertThat(rooms.next()).as("by the list, where the last one is not").isEqualTo(A);
    }

    @Test
    void anAddressThatWasNotTriedComesNextAgain() throws IOException {
        assertThat(rooms.next()).isEqualTo(A);
        rooms.notTried(A);
        assertThat(rooms.next()).isEqualTo(A);
        assertThat(rooms.next()).isEqualTo(B);
    }

    @Test
    void noDispatcherKeepsUsAwayForMoreThanADay() throws IOException {
        dispatcher.answer(dispatcher.answer().toBuilder()
                .setNotBeforeMs(1_700_000_002_000L) // and no time of the server
                .build());
        rooms.next();
        assertThat(rooms.waitMs()).isEqualTo(Duration.ofDays(1).toMillis());

        dispatcher.status(503, Integer.MAX_VALUE);
        assertThatThrownBy(() -> list(dispatcher.url()).next())
                .isInstanceOfSatisfying(
                        DispatchRefused.class,
                        refused -> assertThat(refused.retryAfterMs())
                                .isEqualTo(Duration.ofDays(1).toMillis()));
    }

    @Test
    void aRedirectWithoutAddressesAsksTheDispatcher() throws IOException {
        rooms.next();
        rooms.worked(A);
        rooms.redirect(List.of());
        rooms.next();
        assertThat(dispatcher.questions()).hasSize(2);
    }

    private RoomList list(String... dispatchers) {
        DispatchClient client = new DispatchClient(List.of(dispatchers), "demo", "u=1", "phone");
        return new RoomList(client, new Backoff(new Random(1)), () -> nowMs);
    }

    private static RoomAddress room(String host, int port) {
        return RoomAddress.newBuilder().setHost(host).setPort(port).build();
    }
}
