package io.longline.deploy.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.deploy.kit.JsonLink;
import io.longline.deploy.kit.SharedCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise 5: a newer bind always wins; what comes late from the older one changes nothing. */
final class Promise05NewerBindWinsIT {

    @RegisterExtension
    static final SharedCluster cluster = new SharedCluster();

    private final String user = SharedCluster.fresh("twice");

    /** Else the newer may come before it has read its inbox, and it is told of that instead. */
    private JsonLink caughtUp(int room) {
        JsonLink link = cluster.connect(room, user);
        assertThat(link.frames().pushesUntilCaughtUp()).isEmpty();
        return link;
    }

    @Test
    void theOlderGets3501AndTheNewerTheMessages() {
        try (JsonLink older = caughtUp(0);
                JsonLink newer = cluster.connect(1, user)) {
            JsonNode close = older.frames().next("close");
            assertThat(close.get("code").asInt()).isEqualTo(3501);
            assertThat(close.get("retry").asBoolean()).isFalse();
            assertThat(older.closeStatus()).isEqualTo(3501);

            assertThat(newer.frames().pushesUntilCaughtUp()).isEmpty();
            assertThat(cluster.api().push(user, "to the newer").state()).isEqualTo("written");
            assertThat(newer.frames().next("push").get("text").asText()).isEqualTo("to the newer");
        }
    }

    @Test
    void itIsSoOnOneRoomToo() {
        try (JsonLink older = caughtUp(0);
                JsonLink newer = cluster.connect(0, user)) {
            assertThat(older.frames().next("close").get("code").asInt()).isEqualTo(3501);
            assertThat(newer.frames().pushesUntilCaughtUp()).isEmpty();
            assertThat(newer.isClosed()).isFalse();
        }
    }

    @Test
    void aLateCloseOfTheOlderChangesNothing() {
        for (int round = 0; round < 20; round++) {
            JsonLink older = cluster.connect(round % 2, user);
            try (JsonLink newer = cluster.connect((round + 1) % 2, user)) {
                older.drop();
                newer.frames()
                        .pushesUntilCaughtUp()
                        .forEach(push -> newer.ack(1, push.get("seq").asLong()));
                String id = cluster.api().push(user, "round " + round).messageId();
                JsonNode push = newer.frames().next("push");
                assertThat(push.get("message_id").asText()).isEqualTo(id);
                newer.ack(1, push.get("seq").asLong());
                assertThat(cluster.api().user(user).body().get("online").asBoolean())
                        .isTrue();
            }
        }
    }

    @Test
    void generationsGrow() {
        try (JsonLink first = cluster.connect(0, user)) {
            long before = generation();
            try (JsonLink second = cluster.connect(1, user)) {
                assertThat(generation()).isGreaterThan(before);
                assertThat(second.isClosed()).isFalse();
            }
            assertThat(first.closeStatus()).isEqualTo(3501);
        }
    }

    private long generation() {
        return cluster.api()
                .user(user)
                .body()
                .get("devices")
                .get(0)
                .get("generation")
                .asLong();
    }
}
