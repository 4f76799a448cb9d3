package io.longline.saver.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.Shard;
import io.longline.stores.junit.RedisExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** pass.lua and passed.lua. */
final class PassScriptsIT {
    private static final long DAY_MS = 86_400_000;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisTopics topics;
    private final Endpoint phone = Shard.someone("phone");

    @BeforeAll
    static void connect() {
        shard = new Shard(redis.uri());
        topics = new Logs(shard, 10, 1 << 20).store;
    }

    @AfterAll
    static void disconnect() {
        shard.close();
    }

    private long pass(String topic, long offset) {
        return Shard.await(topics.pass(phone, topic, offset));
    }

    private long passed(String topic) {
        return Shard.await(topics.passed(phone, topic));
    }

    @Test
    void anOffsetRisesAndNeverFalls() {
        assertThat(passed("news")).isZero();
        assertThat(pass("news", 0)).isZero();
        assertThat(shard.exists(TopicKeys.passed(phone))).isZero();
        assertThat(pass("news", 7)).isEqualTo(7);
        assertThat(pass("news", 5)).isEqualTo(7);
        assertThat(pass("news", 9)).isEqualTo(9);
        assertThat(passed("news")).isEqualTo(9);
        assertThat(passed("sport")).isZero();
        assertThat(Shard.await(topics.passed(phone.withDevice("pad"), "news"))).isZero();
        assertThat(shard.left(TopicKeys.passed(phone))).isBetween(119 * DAY_MS, 120 * DAY_MS);
    }

    @Test
    void ofTooManyTopicsTheOneWithTheOldestOffsetIsForgotten() {
        for (int i = 1; i <= RedisTopics.MOST_PASSED; i++) {
            pass("topic-" + i, i == 3 ? 5 : 1000 + i);
        }
        pass("one-more", 5000);
        assertThat(passed("topic-3")).isZero();
        assertThat(passed("topic-1")).isEqualTo(1001);
        assertThat(passed("one-more")).isEqualTo(5000);
        assertThat(shard.hash(TopicKeys.passed(phone))).hasSize(RedisTopics.MOST_PASSED);
    }

    @Test
    void itIsNotedAlsoWhereRedisHasNoMemoryLeft() {
        shard.whileFull(() -> assertThat(pass("news", 7)).isEqualTo(7));
    }
}
