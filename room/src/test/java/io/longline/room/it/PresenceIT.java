package io.longline.room.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.error.LonglineException;
import io.longline.stores.junit.ZooKeeperExtension;
import io.longline.v1.Bind;
import io.longline.v1.ClientFrame;
import io.longline.v1.Error;
import io.longline.v1.Presence;
import io.longline.v1.ServerFrame.KindCase;
import io.longline.v1.Unbind;
import io.longline.v1.UserPresence;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that ask who is online, as far as the register. */
@Timeout(60)
class PresenceIT {
    @RegisterExtension
    static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    private static RoomWorld world;

    @BeforeAll
    static void open() {
        world = new RoomWorld(ZOOKEEPER.store(), Map.of());
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static NativeClient bound(Bind... binds) throws Exception {
        NativeClient client = world.connect().hello(binds);
        client.welcomed();
        for (int i = 0; i < binds.length; i++) {
            client.expect(KindCase.CAUGHT_UP);
        }
        return client;
    }

    private static void ask(NativeClient client, int ref, List<String> users) throws Exception {
        client.send(ClientFrame.newBuilder()
                .setPresence(Presence.newBuilder().setRef(ref).addAllUsers(users))
                .build());
    }

    private static List<UserPresence> answer(NativeClient client) throws InterruptedException {
        return client.expect(KindCase.PRESENCE_STATE).getPresenceState().getUsersList();
    }

    private static Error error(NativeClient client, int ref) throws InterruptedException {
        Error error = client.expect(KindCase.ERROR).getError();
        assertThat(error.getRef()).isEqualTo(ref);
        assertThat(error.hasId()).isFalse();
        assertThat(error.hasTopic()).isFalse();
        return error;
    }

    @Test
    void eachUserIsToldOfInTheOrderOfTheQuestion() throws Exception {
        NativeClient other = bound(world.bind(1, "watched"));
        NativeClient client = bound(world.bind(7, "watcher"));

        ask(client, 7, List.of("never", "watched", "watcher", "watched"));

        List<UserPresence> users = answer(client);
        assertThat(users).extracting(UserPresence::getUser).containsExactly("never", "watched", "watcher", "watched");
        assertThat(users).extracting(UserPresence::getOnline).containsExactly(false, true, true, true);
        assertThat(users).extracting(UserPresence::hasLastSeenMs).containsExactly(false, true, true, true);
        client.close();
        other.close();
    }

    @Test
    void aSecondQuestionWithinTheMinuteIsRefusedAlsoAfterItsEndpointWasBoundAnew() throws Exception {
        NativeClient client = bound(world.bind(1, "curious"), world.bind(2, "patient"));
        ask(client, 1, List.of("a"));
        assertThat(answer(client)).hasSize(1);

        ask(client, 1, List.of("a"));
        assertTooSoon(error(client, 1));
        client.send(ClientFrame.newBuilder()
                .setUnbind(Unbind.newBuilder().setRef(1))
                .build());
        client.expect(KindCase.UNBOUND);
        client.send(ClientFrame.newBuilder().setBind(world.bind(3, "curious")).build());
        client.expect(KindCase.BOUND);
        client.expect(KindCase.CAUGHT_UP);
        ask(client, 3, List.of("a"));
        assertTooSoon(error(client, 3));

        ask(client, 2, List.of("a"));
        assertThat(answer(client)).hasSize(1);
        client.close();
    }

    private static void assertTooSoon(Error error) {
        assertThat(error.getReason()).isEqualTo("USER_RATE_EXCEEDED");
        assertThat(error.getRetryAfterMs()).isBetween(1L, 60_000L);
    }

    @Test
    void whereTheProductDoesNotLetThemTheyAreRefused() throws Exception {
        NativeClient client = bound(world.bind(1, "other", "u2", 0));

        ask(client, 1, List.of("a"));

        Error error = error(client, 1);
        assertThat(error.getReason()).isEqualTo("PERMISSION_DENIED");
        assertThat(error.hasRetryAfterMs()).isFalse();
        client.close();
    }

    @Test
    void whatIsWrongIsNamedAndDoesNotCount() throws Exception {
        NativeClient client = bound(world.bind(1, "careless"));

        for (List<String> wrong :
                List.of(List.<String>of(), Collections.nCopies(501, "a"), List.of("a", "no id"), List.of("a", ""))) {
            ask(client, 1, wrong);
            Error error = error(client, 1);
            assertThat(error.getReason()).isEqualTo("INVALID_ARGUMENT");
            assertThat(error.getMessage()).contains(wrong.size() == 2 ? "users[1]" : "users");
        }
        ask(client, 5, List.of("a"));
        assertThat(error(client, 5).getMessage()).contains("not bound");

        ask(client, 1, Collections.nCopies(500, "a"));
        assertThat(answer(client)).hasSize(500);
        client.close();
    }

    @Test
    void whereNobodyKnowsItMayBeAskedAgain() throws Exception {
        NativeClient client = bound(world.bind(1, "unlucky"));
        world.register.failsSeen(LonglineException.dependencyDown("redis", "away", null));
        try {
            ask(client, 1, List.of("a"));
            Error error = error(client, 1);
            assertThat(error.getReason()).isEqualTo("DEPENDENCY_DOWN");
            assertThat(error.hasRetryAfterMs()).isTrue();
        } finally {
            world.register.failsSeen(null);
        }

        ask(client, 1, List.of("a"));
        assertThat(answer(client)).hasSize(1);
        client.close();
    }
}
