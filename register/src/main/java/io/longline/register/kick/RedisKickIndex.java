package io.longline.register.kick;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.register.endpoint.RouteKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The index in Redis: {@code kick.lua}, whose header says what it is given and what it answers. {@code bind.lua} reads what it leaves. */
public final class RedisKickIndex implements KickIndex {
    private static final RedisScript KICK = RedisScript.of(RedisKickIndex.class, "kick.lua");

    private final RedisStore redis;
    private final int mostEvents;
    private final Runnable shardLost;

    /**
     * @param mostEvents a shard's stream of events takes no more than these
     * @param shardLost told whenever a script met a lost shard; must not block
     */
    public RedisKickIndex(RedisStore redis, int mostEvents, Runnable shardLost) {
        this.redis = redis;
        this.mostEvents = mostEvents;
        this.shardLost = shardLost;
    }

    @Override
    public CompletionStage<KickOutcome> kick(Kick kick) {
        RouteKeys keys = RouteKeys.of(kick.product(), kick.user());
        List<String> touched = List.of(
                keys.generation(),
                keys.events(),
                keys.routes(kick.product(), kick.user()),
                keys.devices(kick.product(), kick.user()),
                keys.index(),
                keys.online(kick.product()),
                keys.kicks(kick.product(), kick.user()),
                keys.presence());
        RedisArgs args = RedisArgs.of(
                kick.product(),
                kick.user(),
                kick.device(),
                kick.reason(),
                kick.block().toMillis(),
                mostEvents,
                kick.job());
        CompletionStage<List<Object>> stage =
                redis.script(KICK, ScriptOutputType.MULTI, keys.mark(), touched, args.list());
        return stage.whenComplete(this::lookForLostShard).thenApply(RedisKickIndex::outcome);
    }

    private void lookForLostShard(List<Object> answer, Throwable error) {
        if (error != null && ErrorTranslator.fromAny(error).code() == ErrorCode.SHARD_LOST) {
            shardLost.run();
        }
    }

    private static KickOutcome outcome(List<Object> answer) {
        String word = new String((byte[]) answer.getFirst(), StandardCharsets.UTF_8);
        return switch (word) {
            case "KICKED" -> new KickOutcome.Kicked(Math.toIntExact((Long) answer.get(1)));
            case "UNKNOWN" -> new KickOutcome.Unknown();
            case "FULL" -> new KickOutcome.StreamFull();
            default -> throw new LonglineException(ErrorCode.INTERNAL, "kick.lua answered " + word);
        };
    }
}
