package io.longline.saver.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.inbox.Shard;
import io.longline.saver.rebuild.RestoreStore.Begun;
import io.longline.stores.junit.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** note_whole.lua, and what begin.lua and finish.lua make of its notes. */
final class WholeScriptsIT {
    private static final int SHARD = 7;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static Shard shard;
    private static RedisRestore restore;

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
    void served() {
        shard.mark();
        delete(InboxKeys.whole(SHARD));
    }

    private static void delete(String key) {
        Shard.await(shard.redis.command(key, it -> it.del(key)));
    }

    private static String whole() {
        byte[] noted = Shard.await(shard.redis.command(InboxKeys.whole(SHARD), it -> it.get(InboxKeys.whole(SHARD))));
        return noted == null ? "" : new String(noted, StandardCharsets.US_ASCII);
    }

    private static Begun begin() {
        return Shard.await(restore.begin(SHARD, "1-1")).orElseThrow();
    }

    @Test
    void eachWholeShardIsNotedWithTheTimeOfRedis() {
        long before = System.currentTimeMillis();

        assertThat(Shard.await(restore.noteWhole())).isEqualTo(Shards.COUNT);

        assertThat(Long.parseLong(whole())).isBetween(before - 1, System.currentTimeMillis() + 1);
    }

    @Test
    void aLostShardIsNotNoted() {
        delete(InboxKeys.mark(SHARD));

        assertThat(Shard.await(restore.noteWhole())).isEqualTo(Shards.COUNT - 1);

        assertThat(whole()).isEmpty();
    }

    @Test
    void aRebuildIsToldOfTheNewestNoteThatIsLeft() {
        Shard.await(restore.noteWhole());
        delete(InboxKeys.mark(SHARD));

        assertThat(begin().wholeAtMs()).isEqualTo(Long.parseLong(whole()));
        delete(InboxKeys.whole(SHARD));
        assertThat(begin().wholeAtMs()).isZero();
    }

    @Test
    void aRebuildThatIsThroughIsSuchANoteAndOneThatIsNotIsNone() {
        delete(InboxKeys.mark(SHARD));
        long began = begin().nowMs();
        assertThat(whole()).isEmpty();

        Shard.await(restore.finish(SHARD, "1-1"));

        assertThat(Long.parseLong(whole())).isGreaterThanOrEqualTo(began);
    }
}
