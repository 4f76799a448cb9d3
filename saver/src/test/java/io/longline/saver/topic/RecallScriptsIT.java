package io.longline.saver.topic;

import static io.longline.saver.topic.Logs.HOUR_MS;
import static io.longline.saver.topic.Logs.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.topic.PublishOutcome.Published;
import io.longline.saver.topic.TopicStore.Reach;
import io.longline.stores.junit.RedisExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** recall.lua, and settle.lua of topics that are followed. */
final class RecallScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private Logs logs;
    private final Topic topic = Logs.someTopic();

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void empty() {
        logs = new Logs(shard, 10_000, 16 << 20);
        shard.loseEverything();
        shard.mark();
    }

    private long used(String kind) {
        return shard.hash(InboxKeys.used(topic.shard())).entrySet().stream()
                .filter(one -> one.getKey().equals(kind) || one.getKey().startsWith(kind + ":"))
                .mapToLong(one -> Long.parseLong(one.getValue()))
                .sum();
    }

    @Test
    void whatIsRecalledNobodyReadsAndItIsNoGap() {
        long first = logs.publish(topic, "m1");
        Published second = logs.publish(message(topic, "m2", HOUR_MS));
        long third = logs.publish(topic, "m3");
        long cuts = logs.read(topic, 0, 10).cuts();

        Published found = logs.recall(topic, "m2");

        assertThat(found)
                .isEqualTo(
                        new Published(second.offset(), second.before(), true, second.sentAtMs(), second.expiresAtMs()));
        assertThat(logs.offsets(topic)).containsExactly(first, third);
        assertThat(logs.gap(topic, 0)).isZero();
        assertThat(logs.read(topic, 0, 10).cuts())
                .as("who remembers the log learns of it")
                .isGreaterThan(cuts);
        assertThat(logs.publish(topic, "m2")).as("its id is refused as before").isEqualTo(second.offset());
        assertThat(logs.offsets(topic)).containsExactly(first, third);
    }

    @Test
    void itsSendIsToldOfAsLongAsThatOfAMessageThatExpires() {
        long offset = logs.publish(topic, "m1");
        logs.told(topic, offset, "room-1", 5, 3);

        logs.recall(topic, "m1");
        logs.told(topic, offset, "room-2", 2, 2);
        logs.recall(topic, "m1");

        TopicStore.Send send = logs.send(topic, offset);
        assertThat(send.recalled()).isTrue();
        assertThat(send.messageId()).isEqualTo("m1");
        assertThat(send.rooms()).isEqualTo(Map.of("room-1", new Reach(5, 3), "room-2", new Reach(2, 2)));
        assertThat(shard.left(TopicKeys.send(topic.shard(), offset))).isBetween(HOUR_MS, 2 * HOUR_MS);
        assertThat(logs.send(topic, logs.publish(topic, "m2")).recalled()).isFalse();
    }

    @Test
    void memoryIsCountedAsThatOfAnEmptyLogAndOfASend() {
        logs.publish(topic, "m0");
        logs.recall(topic, "m0");
        long empty = used("topic");
        long sends = used("send");
        assertThat(sends).isBetween(200L, 400L);

        logs.publish(topic, "m1");
        logs.recall(topic, "m1");

        assertThat(used("topic") - empty).as("but for its id, which is refused").isBetween(150L, 300L);
        assertThat(used("send")).isEqualTo(2 * sends);
        assertThat(shard.exists(TopicKeys.log(topic))).isZero();
    }

    @Test
    void whatNeverCameIsRefusedFromThenOn() {
        long first = logs.publish(topic, "m1");

        Published found = logs.recall(topic, "late");

        assertThat(found.repeated()).isFalse();
        assertThat(found.before()).isEqualTo(first);
        assertThat(found.offset()).isGreaterThan(first);
        assertThat(logs.publish(message(topic, "late", HOUR_MS)))
                .returns(found.offset(), Published::offset)
                .returns(true, Published::repeated);
        assertThat(logs.recall(topic, "late"))
                .returns(found.offset(), Published::offset)
                .returns(true, Published::repeated);
        assertThat(logs.offsets(topic)).containsExactly(first);
        assertThat(logs.read(topic, 0, 10).page().upto()).isEqualTo(found.offset());
        assertThat(logs.send(topic, found.offset()).recalled()).isTrue();
        assertThat(logs.publish(topic, "m2")).isGreaterThan(found.offset());
    }

    @Test
    void soItIsInATopicThatNobodyKnows() {
        Published found = logs.recall(topic, "late");

        assertThat(found.before()).isZero();
        assertThat(logs.isPublished(topic, "late", found.offset())).isTrue();
        assertThat(logs.bodies(topic)).isEmpty();
        assertThat(logs.isUntold(topic)).as("no room needs to hear of it").isFalse();
    }

    @Test
    void whatLeftItsLogBeforeStaysAsItIs() {
        long expired = logs.publishExpired(topic, "m1");
        logs.publish(topic, "m2");

        logs.recall(topic, "m1");

        assertThat(logs.send(topic, expired).recalled()).isFalse();
        assertThat(logs.bodies(topic)).isEqualTo(List.of("body of m2"));
    }

    @Test
    void aLostShardRecallsNothing() {
        logs.publish(topic, "m1");
        shard.loseEverything();

        assertThatThrownBy(() -> logs.recall(topic, "m1"))
                .isInstanceOfSatisfying(
                        LonglineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHARD_LOST));
    }
}
