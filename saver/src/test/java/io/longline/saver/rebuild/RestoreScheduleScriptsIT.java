package io.longline.saver.rebuild;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.journal.MysqlReader.JournaledSchedule;
import io.longline.saver.journal.MysqlReader.JournaledSchedule.Stage;
import io.longline.saver.message.MessageId;
import io.longline.saver.message.MessageKeys;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** schedule.lua of the rebuild. */
final class RestoreScheduleScriptsIT {
    private static final String REBUILD = "1-1";
    private static final long HOUR_MS = 3_600_000;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisRestore restore;
    private final MessageId id = new MessageId("demo", "later");
    private final long now = System.currentTimeMillis();

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        restore = new RedisRestore(shard.redis, Duration.ZERO);
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void begin() {
        shard.loseEverything();
        assertThat(Shard.await(restore.begin(id.shard(), REBUILD))).isPresent();
    }

    private int restore(Stage stage, long sendAtMs, long overAtMs) {
        ByteString push = stage == Stage.WAITING ? ByteString.copyFromUtf8("push") : ByteString.EMPTY;
        JournaledSchedule row = new JournaledSchedule(
                id.product(), id.id(), ByteString.copyFromUtf8("body"), sendAtMs, overAtMs, stage, "u1/", push);
        return Shard.await(restore.schedule(id.shard(), List.of(row), REBUILD));
    }

    private Map<String, String> record() {
        return shard.hash(MessageKeys.record(id));
    }

    private Map<String, String> kept() {
        return shard.hash(MessageKeys.kept(id));
    }

    /** What an older Redis has of it. */
    private void recorded(String... fieldsAndValues) {
        String key = MessageKeys.record(id);
        Map<String, byte[]> fields = new HashMap<>();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            fields.put(fieldsAndValues[i], fieldsAndValues[i + 1].getBytes(UTF_8));
        }
        Shard.await(shard.redis.command(key, it -> it.hset(key, fields)));
    }

    @Test
    void whatWaitsIsKeptAgainWithItsClaim() {
        assertThat(restore(Stage.WAITING, now + HOUR_MS, now + 2 * HOUR_MS)).isEqualTo(1);

        assertThat(record())
                .containsEntry("hash", "body")
                .containsEntry("targets", "u1/")
                .containsKey("scheduled")
                .doesNotContainKey("recorded");
        assertThat(kept()).containsEntry("push", "push").doesNotContainKey("begun");
        assertThat(shard.left(MessageKeys.record(id))).isEqualTo(-1);
        String schedule = MessageKeys.schedule(id.shard());
        Double score = Shard.await(shard.redis.command(
                schedule, it -> it.zscore(schedule, id.text().getBytes(UTF_8))));
        assertThat(score).isEqualTo((double) (now + HOUR_MS));
        assertThat(restore(Stage.WAITING, now + HOUR_MS, now + 2 * HOUR_MS))
                .as("once more")
                .isZero();
        assertThat(shard.hash(InboxKeys.used(id.shard())))
                .hasEntrySatisfying(
                        "schedule", bytes -> assertThat(Long.parseLong(bytes)).isBetween(900L, 1000L));
    }

    @Test
    void whatWasDueAlreadyMayHaveBeenSentInPart() {
        restore(Stage.WAITING, now - HOUR_MS, now + HOUR_MS);
        assertThat(kept()).containsEntry("begun", "1");
    }

    @Test
    void likewiseWhereAnOlderRedisHasIt() {
        restore(Stage.WAITING, now + HOUR_MS, now + 2 * HOUR_MS);
        restore(Stage.WAITING, now - 1, now + HOUR_MS);
        assertThat(kept()).containsEntry("begun", "1");
    }

    @Test
    void whatRedisKnowsAsSentIsNotSentAgain() {
        recorded("recorded", "1", "hash", "body");
        assertThat(restore(Stage.WAITING, now - 1, now + HOUR_MS)).isZero();
        assertThat(kept()).isEmpty();
    }

    @Test
    void whatAnotherBodyHasByNowIsLeftToIt() {
        recorded("hash", "other", "at", "5");
        assertThat(restore(Stage.WAITING, now + HOUR_MS, now + 2 * HOUR_MS)).isZero();
        assertThat(record()).containsEntry("hash", "other").doesNotContainKey("scheduled");
    }

    @Test
    void whatWasSentLeavesAnOlderRedisThatStillWaitsForIt() {
        restore(Stage.WAITING, now + HOUR_MS, now + 2 * HOUR_MS);
        restore(Stage.SENT, now + HOUR_MS, now);
        assertThat(kept()).isEmpty();
        assertThat(record()).containsOnlyKeys("hash", "at", "later");
        assertThat(shard.left(MessageKeys.record(id))).isPositive();
    }

    @Test
    void whatWasSentAndAnOlderRedisHasAsBegunIsOneLikeOthers() {
        restore(Stage.WAITING, now - 1, now + HOUR_MS);
        recorded("recorded", "1/center-1", "to:u1/phone", "7");
        restore(Stage.SENT, now - 1, now);

        assertThat(kept()).isEmpty();
        assertThat(record()).containsKeys("recorded", "to:u1/phone").doesNotContainKeys("scheduled", "targets");
    }

    @Test
    void whatWasRecalledStaysRecalledAndItsIdClaimed() {
        restore(Stage.RECALLED, now + HOUR_MS, now - HOUR_MS);

        assertThat(record())
                .containsEntry("recalled", Long.toString(now - HOUR_MS))
                .containsEntry("recorded", "1")
                .containsEntry("hash", "body")
                .containsEntry("at", Long.toString(now - HOUR_MS))
                .containsEntry("targets", "u1/");
        assertThat(shard.left(MessageKeys.record(id))).isBetween(22 * HOUR_MS, 23 * HOUR_MS);
        assertThat(kept()).isEmpty();
    }

    @Test
    void itLeavesAnOlderRedisThatStillWaitsForIt() {
        restore(Stage.WAITING, now + HOUR_MS, now + 2 * HOUR_MS);
        restore(Stage.RECALLED, now + HOUR_MS, now);

        assertThat(kept()).isEmpty();
        assertThat(record()).containsKeys("recalled", "recorded").doesNotContainKey("scheduled");
        assertThat(shard.left(MessageKeys.record(id))).isPositive();
    }
}
