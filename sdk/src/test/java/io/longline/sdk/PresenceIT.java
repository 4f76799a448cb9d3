package io.longline.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.v1.ClientFrame;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the app asks of who is online, as the room sees it. */
@Timeout(60)
class PresenceIT extends ClientSetup {
    private static final long PATIENCE_MS = 30_000;

    PresenceIT() throws IOException {}

    private static List<String> asked(RoomLink link) throws InterruptedException {
        ClientFrame frame = link.poll(PATIENCE_MS);
        assertThat(frame).isNotNull();
        assertThat(frame.hasPresence()).as("%s", frame).isTrue();
        assertThat(frame.getPresence().getRef()).isEqualTo(1);
        return frame.getPresence().getUsersList();
    }

    private static void assertRefused(CompletableFuture<?> answer, String reason, long retryAfterMs) {
        assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(PresenceRefused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(reason);
                    assertThat(refused.retryAfterMs()).isEqualTo(retryAfterMs);
                });
    }

    @Test
    void theAnswerSaysOfEachWhetherItIsOnline() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();

        CompletableFuture<List<UserPresence>> answer = client.presence(List.of("one", "two"), PATIENCE_MS);
        assertThat(asked(link)).containsExactly("one", "two");
        link.presence(List.of("two", "one")); // to another question
        link.presence(List.of("one", "two"));

        List<UserPresence> users = answer.get(30, TimeUnit.SECONDS);
        assertThat(users).extracting(UserPresence::user).containsExactly("one", "two");
        assertThat(users).extracting(UserPresence::online).containsExactly(true, false);
        assertThat(users.get(1).lastSeenMs()).isEqualTo(1_000);
    }

    @Test
    void whatIsRefusedFailsWithTheReasonAndTheTime() throws Exception {
        LonglineClient client = started(builder());
        RoomLink link = room.link();
        link.welcome();

        CompletableFuture<List<UserPresence>> first = client.presence(List.of("one"), PATIENCE_MS);
        assertThat(asked(link)).containsExactly("one");
        assertRefused(client.presence(List.of("two"), PATIENCE_MS), "QUEUE_FULL", 0);
        link.presenceError("USER_RATE_EXCEEDED", 700);
        assertRefused(first, "USER_RATE_EXCEEDED", 700);

        CompletableFuture<List<UserPresence>> second = client.presence("demo", "u1", List.of("two"), PATIENCE_MS);
        assertThat(asked(link)).containsExactly("two");
        link.presenceError("PERMISSION_DENIED", 0);
        assertRefused(second, "PERMISSION_DENIED", 0);
        client.close();
        assertRefused(client.presence(List.of("two"), PATIENCE_MS), "CLOSED", 0);
    }

    @Test
    void whatIsAskedWithoutALinkIsAskedOnTheNextOneAndWhoDoesNotWaitAsksAgain() throws Exception {
        LonglineClient client = builder().build();
        CompletableFuture<List<UserPresence>> early = client.presence(List.of("one"), PATIENCE_MS);
        client.start();
        RoomLink link = room.link();
        link.welcome();
        assertThat(asked(link)).containsExactly("one");
        link.close();

        RoomLink next = room.link();
        next.welcome();
        assertThat(asked(next)).containsExactly("one");
        next.presence(List.of("one"));
        assertThat(early.get(30, TimeUnit.SECONDS)).hasSize(1);

        CompletableFuture<List<UserPresence>> late = client.presence(List.of("two"), 1);
        assertThatThrownBy(() -> late.get(30, TimeUnit.SECONDS)).cause().isInstanceOf(TimeoutException.class);
        CompletableFuture<List<UserPresence>> last = client.presence(List.of("three"), PATIENCE_MS);
        List<String> users = asked(next);
        while (users.contains("two")) { // it had gone out before its time was over
            users = asked(next);
        }
        assertThat(users).containsExactly("three");
        next.presence(List.of("three"));
        assertThat(last.get(30, TimeUnit.SECONDS)).hasSize(1);
        client.close();
    }
}
