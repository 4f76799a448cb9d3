package io.longline.saver.job;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many copies of a job were acknowledged: ack.lua counts them, shard by shard. */
public final class RedisJobAcks {
    private static final Logger log = LoggerFactory.getLogger(RedisJobAcks.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final RedisStore redis;

    public RedisJobAcks(RedisStore redis) {
        this.redis = redis;
    }

    /** Empty: Redis does not say. */
    OptionalLong of(String jobId, Deadline deadline) {
        Deadline patience = deadline.atMost(PATIENCE);
        List<CompletionStage<byte[]>> asked = RedisStore.within(
                patience,
                () -> IntStream.range(0, Shards.COUNT)
                        .mapToObj(shard -> ask(Shards.tag(shard) + ":acks:" + jobId))
                        .toList());
        try {
            long acks = 0;
            for (CompletionStage<byte[]> one : asked) {
                byte[] count = RedisStore.await(one, patience);
                acks += count == null ? 0 : Long.parseLong(new String(count, StandardCharsets.US_ASCII));
            }
            return OptionalLong.of(acks);
        } catch (LonglineException e) {
            log.debug("acks not counted job={} error={}", jobId, e.getMessage());
            return OptionalLong.empty();
        }
    }

    private CompletionStage<byte[]> ask(String key) {
        return redis.command(key, it -> it.get(key));
    }
}
