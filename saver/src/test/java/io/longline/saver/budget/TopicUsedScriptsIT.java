package io.longline.saver.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.topic.Logs;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** recount_topics.lua, and what the scripts of topics note. */
final class TopicUsedScriptsIT {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisBudget budget;
    private Logs logs;
    private final Topic topic = Logs.someTopic();

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        budget = new RedisBudget(shard.redis);
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    @BeforeEach
    void empty() {
        logs = new Logs(shard, 100, 1 << 20);
        shard.loseEverything();
        shard.mark();
    }

    private long noted() {
        return Long.parseLong(shard.hash(InboxKeys.used(topic.shard())).getOrDefault("topic", "0"));
    }

    private long recount() {
        return Shard.await(budget.recountTopics(topic.shard()));
    }

    private void delete(String key) {
        Shard.await(shard.redis.command(key, it -> it.del(key)));
    }

    @Test
    void aTopicAndItsIdsAreUsed() {
        logs.publish(topic, "m1");
        assertThat(Shard.await(budget.used(topic.shard())).getOrDefault(Kind.TOPIC, 0L))
                .isGreaterThan(noted());
        assertThat(recount()).isZero();
    }

    @Test
    void whatNobodyTouchesLeavesWhenItHasExpired() {
        logs.publishExpired(topic, "m1");
        assertThat(recount()).isZero();
        assertThat(shard.exists(TopicKeys.log(topic))).isZero();
        assertThat(noted()).isLessThan(1000);
    }

    private long ofKeptSends() {
        return shard.hash(InboxKeys.used(topic.shard())).entrySet().stream()
                .filter(field -> field.getKey().startsWith("send:"))
                .mapToLong(field -> Long.parseLong(field.getValue()))
                .sum();
    }

    private long used() {
        return Shard.await(budget.used(topic.shard())).getOrDefault(Kind.TOPIC, 0L);
    }

    @Test
    void theSendOfWhatExpiredIsUsedUntilItGoes() {
        long at = logs.publishExpired(topic, "m1");
        assertThat(ofKeptSends()).isZero();
        logs.told(topic, at, "room-1", 5, 4);
        long whole = used();
        recount();
        long kept = ofKeptSends();
        assertThat(logs.hasSend(topic, at)).isTrue();
        assertThat(kept).isBetween(300L, 500L);
        assertThat(used()).isBetween(noted() + kept, whole);

        long log = noted();
        logs.told(topic, at, "room-2", 5, 4);
        assertThat(ofKeptSends()).isEqualTo(kept + 46);
        assertThat(noted()).isEqualTo(log);
        assertThat(recount()).isZero();
    }

    @Test
    void whatWasToGoInAnEarlierHourIsNotUsed() {
        long hour = System.currentTimeMillis() / Logs.HOUR_MS;
        String used = InboxKeys.used(topic.shard());
        byte[] seven = "7".getBytes(StandardCharsets.US_ASCII);
        Shard.await(shard.redis.command(used, it -> it.hset(used, "send:" + (hour + 1), seven)));
        Shard.await(shard.redis.command(used, it -> it.hset(used, "send:" + (hour - 1), seven)));
        assertThat(used()).isEqualTo(7);
        assertThat(shard.hash(used)).containsOnlyKeys("send:" + (hour + 1));
    }

    @Test
    void aLogThatWentByItselfAndATopicThatDidAreNotedNoMore() {
        logs.publish(topic, "m1");
        delete(TopicKeys.log(topic));
        assertThat(recount()).isZero();
        assertThat(noted()).isLessThan(1000);
        delete(TopicKeys.topic(topic));
        recount();
        assertThat(noted()).isZero();
        assertThat(shard.exists(TopicKeys.topics(topic.shard()))).isZero();
    }

    @Test
    void aSumThatIsWrongForWhateverReasonIsPutRight() {
        logs.publish(topic, "m1");
        long right = noted();
        String used = InboxKeys.used(topic.shard());
        Shard.await(shard.redis.command(used, it -> it.hset(used, "topic", "7".getBytes(StandardCharsets.US_ASCII))));
        assertThat(recount()).isEqualTo(right - 7);
        assertThat(noted()).isEqualTo(right);
    }

    @Test
    void whatIsCountedIsAboutWhatRedisTakes() {
        long before = memory();
        for (int i = 0; i < 100; i++) {
            Topic one = Logs.someTopic();
            for (int message = 0; message < 1 + i % 30; message++) {
                logs.publish(one, "a-message-id-of-usual-length-" + message);
            }
        }
        long counted = 0;
        for (int n = 0; n < 256; n++) {
            counted += Shard.await(budget.used(n)).getOrDefault(Kind.TOPIC, 0L);
        }
        assertThat(counted).isCloseTo(memory() - before, withPercentage(35));
    }

    private static long memory() {
        return Shard.await(shard.redis.everywhere(node -> node.info("memory"))).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("used_memory:".length()).strip()))
                .sum();
    }
}
