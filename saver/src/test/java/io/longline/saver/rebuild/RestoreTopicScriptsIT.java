package io.longline.saver.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.Settled.How;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.MysqlTopicReader.Passed;
import io.longline.saver.rebuild.RestoreStore.Left;
import io.longline.saver.rebuild.RestoreStore.Published;
import io.longline.saver.topic.Logs;
import io.longline.stores.junit.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** topics.lua, broadcasts.lua and offsets.lua of the rebuild. */
final class RestoreTopicScriptsIT {
    private static final String REBUILD = "1-1";
    private static final long HOUR_MS = 3_600_000;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisRestore restore;
    private Topic topic = new Topic("demo", "news");
    private Logs logs;
    private final long now = System.currentTimeMillis();
    private final long first = (now - HOUR_MS) * 1024;

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
        logs = new Logs(shard, 3, 1 << 20);
        shard.loseEverything();
        begin(topic.shard());
    }

    private static void begin(int number) {
        assertThat(Shard.await(restore.begin(number, REBUILD))).isPresent();
    }

    private TopicRow row(long offset, String id) {
        return row(offset, id, now + HOUR_MS);
    }

    private TopicRow row(long offset, String id, long expiresAtMs) {
        return new TopicRow(topic, offset, id, offset / 1024, expiresAtMs, ByteString.copyFromUtf8("body of " + id));
    }

    private int restore(TopicRow... rows) {
        return Shard.await(restore.topics(
                topic.shard(),
                Stream.of(rows).map(row -> new Published(row, Left.ALL)).toList(),
                Logs.limits(3, 1 << 20),
                REBUILD));
    }

    private void serve() {
        Shard.await(restore.finish(topic.shard(), REBUILD));
    }

    @Test
    void aLogIsThereAgainWithItsIdsAndSendsAndRoomsAreToldOfIt() {
        assertThat(restore(row(first, "m1"), row(first + 5, "m2"))).isEqualTo(2);
        serve();

        assertThat(logs.bodies(topic)).containsExactly("body of m1", "body of m2");
        assertThat(logs.offsets(topic)).containsExactly(first, first + 5);
        assertThat(logs.publish(topic, "m1")).isEqualTo(first);
        assertThat(logs.isUntold(topic)).isTrue();
        assertThat(logs.hasSend(topic, first + 5)).isTrue();
        assertThat(shard.left(TopicKeys.id(topic, "m1"))).isBetween(22 * HOUR_MS, 23 * HOUR_MS);
        assertThat(restoreOnceMore(row(first, "m1"), row(first + 5, "m2"))).isZero();
    }

    private int restoreOnceMore(TopicRow... rows) {
        String mark = InboxKeys.mark(topic.shard());
        Shard.await(shard.redis.command(mark, it -> it.del(mark)));
        begin(topic.shard());
        return restore(rows);
    }

    @Test
    void ofTooManyTheNewestAreThereAndThatSomeAreNotIsKnown() {
        assertThat(restore(row(first, "m1"), row(first + 1, "m2"), row(first + 2, "m3"), row(first + 3, "m4")))
                .isEqualTo(4);
        serve();
        assertThat(logs.bodies(topic)).containsExactly("body of m2", "body of m3", "body of m4");
        assertThat(logs.gap(topic, first - 1)).isEqualTo(first + 1);
        assertThat(logs.gap(topic, first)).isZero();
    }

    @Test
    void anOlderRedisGetsWhatIsNewerAndNothingTwice() {
        restore(row(first, "m1"), row(first + 1, "m2"));
        assertThat(restore(row(first + 1, "m2"), row(first + 2, "m3"))).isEqualTo(1);
        serve();
        assertThat(logs.offsets(topic)).containsExactly(first, first + 1, first + 2);
    }

    @Test
    void whatWasPublishedTwiceBecauseOfALossIsThereOnce() {
        restore(row(first, "m1"), row(first + 1, "m2"), row(first + 2, "m1"));
        serve();
        assertThat(logs.offsets(topic)).containsExactly(first + 1, first + 2);
        assertThat(logs.hasSend(topic, first)).isFalse();
    }

    @Test
    void ofWhatHasExpiredOnlyTheIdIsKnownAndOffsetsGoOn() {
        long ahead = (now + HOUR_MS) * 1024;
        assertThat(restore(row(ahead, "m1", now - 1))).isZero();
        serve();
        assertThat(logs.bodies(topic)).isEmpty();
        assertThat(logs.publish(topic, "m1")).isEqualTo(ahead);
        assertThat(logs.publish(topic, "m2")).isGreaterThan(ahead);
        assertThat(logs.gap(topic, ahead - 1))
                .as("nobody missed what had expired")
                .isZero();
    }

    @Test
    void anIdIsRefusedForADayAndNotLonger() {
        restore(row((now - 25 * HOUR_MS) * 1024, "m1"), row(first, "m2"));
        serve();
        assertThat(shard.exists(TopicKeys.id(topic, "m1"))).isZero();
        assertThat(logs.publish(topic, "m1")).isGreaterThan(first);
    }

    private void ofBroadcasts() {
        topic = new Topic("demo", "*");
        begin(topic.shard());
    }

    private void settle(long offset, How how) {
        Shard.await(restore.settled(topic.shard(), List.of(new Settled(topic, offset, how)), REBUILD));
    }

    private int restoreRemoved(TopicRow row) {
        return Shard.await(restore.topics(
                topic.shard(), List.of(new Published(row, Left.REMOVED)), Logs.limits(3, 1 << 20), REBUILD));
    }

    @Test
    void whatWasRecalledFromATopicIsReadByNobodyAndItsSendSaysSo() {
        restore(row(first, "m1"));
        assertThat(restoreRemoved(row(first + 1, "m2"))).isZero();
        restore(row(first + 2, "m3"));
        settle(first + 1, How.REMOVE);
        serve();

        assertThat(logs.bodies(topic)).containsExactly("body of m1", "body of m3");
        assertThat(logs.publish(topic, "m2")).isEqualTo(first + 1);
        assertThat(logs.bodies(topic)).hasSize(2);
        assertThat(logs.gap(topic, first - 1)).isZero();
        assertThat(logs.isRecalled(topic, first + 1)).isTrue();
        assertThat(logs.isRecalled(topic, first + 2)).isFalse();
    }

    @Test
    void ofBroadcastsIsReadWhatWasOpenAndOfTheOthersOnlyTheIdIsKnown() {
        ofBroadcasts();
        restore(row(first, "m1"));
        assertThat(restoreRemoved(row(first + 1, "m2"))).isZero();
        restore(row(first + 2, "m3"), row(first + 3, "m4"));
        settle(first + 1, How.REMOVE);
        settle(first + 2, How.OPEN);
        settle(first, How.OPEN);
        serve();

        assertThat(logs.bodies(topic)).containsExactly("body of m1", "body of m3");
        assertThat(logs.bodies(topic, first + 3)).containsExactly("body of m1", "body of m3", "body of m4");
        assertThat(logs.publish(topic, "m2")).isEqualTo(first + 1);
        assertThat(logs.bodies(topic, first + 3)).hasSize(3);
        assertThat(logs.gap(topic, first - 1)).isZero();
        assertThat(logs.isUntold(topic)).isTrue();
    }

    @Test
    void ofBroadcastsOfWhichNoneWasOpenNoRoomIsTold() {
        ofBroadcasts();
        restore(row(first, "m1"));
        serve();
        assertThat(logs.isUntold(topic)).isFalse();
        assertThat(logs.bodies(topic)).isEmpty();
    }

    @Test
    void aTopicIsKnownOfWhichAllWasRemovedAndOffsetsGoOn() {
        ofBroadcasts();
        long ahead = (now + HOUR_MS) * 1024;
        restoreRemoved(row(ahead, "m1"));
        settle(ahead, How.REMOVE);
        serve();
        assertThat(logs.broadcasts("demo")).containsExactly("*");
        assertThat(logs.publish(topic, "m2")).isGreaterThan(ahead);
        assertThat(logs.bodies(topic, Long.MAX_VALUE >> 10)).containsExactly("body of m2");
    }

    @Test
    void whatAnOlderRedisStillHasOfWhatWasRemovedGoes() {
        ofBroadcasts();
        restore(row(first, "m1"), row(first + 1, "m2"));
        assertThat(restoreRemoved(row(first, "m1"))).as("it is known").isZero();
        settle(first, How.REMOVE);
        settle(first + 1, How.OPEN);
        serve();
        assertThat(logs.bodies(topic)).containsExactly("body of m2");
    }

    @Test
    void whatWasPublishedTwiceBecauseOfALossAndRemovedIsNotThereAtAll() {
        ofBroadcasts();
        restore(row(first, "m1"));
        restoreRemoved(row(first + 1, "m1"));
        settle(first + 1, How.REMOVE);
        settle(first + 1, How.OPEN);
        serve();
        assertThat(logs.bodies(topic)).isEmpty();
        assertThat(logs.publish(topic, "m1")).isEqualTo(first + 1);
    }

    @Test
    void offsetsOfEndpointsAreRaised() {
        Endpoint phone = Shard.someone("phone");
        begin(phone.shard());
        List<Passed> passed = List.of(new Passed(phone, "news", 7), new Passed(phone, "sport", 9));
        Shard.await(restore.offsets(phone.shard(), passed, REBUILD));
        Shard.await(restore.offsets(phone.shard(), List.of(new Passed(phone, "news", 5)), REBUILD));

        assertThat(shard.hash(TopicKeys.passed(phone))).isEqualTo(Map.of("news", "7", "sport", "9"));
        assertThat(shard.left(TopicKeys.passed(phone))).isPositive();
    }
}
