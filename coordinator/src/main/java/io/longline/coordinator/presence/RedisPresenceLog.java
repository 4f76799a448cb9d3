package io.longline.coordinator.presence;

import static io.longline.coordinator.redis.RedisAnswer.number;
import static io.longline.coordinator.redis.RedisAnswer.text;

import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.presence.PresenceKeys;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@link PresenceLog} in Redis. */
final class RedisPresenceLog implements PresenceLog {
    private static final RedisScript READ = RedisScript.of(RedisPresenceLog.class, "read.lua");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int HEAD = 2;
    private static final ScanArgs ABOUT = ScanArgs.Builder.limit(500);

    private final RedisStore redis;

    RedisPresenceLog(RedisStore redis) {
        this.redis = redis;
    }

    @Override
    public Page read(String product, Optional<Long> after, int most) {
        List<Object> answer = await(redis.unmarked(
                READ,
                ScriptOutputType.MULTI,
                List.of(PresenceKeys.events(product), PresenceKeys.eventsState(product)),
                RedisArgs.of(after.map(String::valueOf).orElse(""), most).list()));
        List<Kept> events = new ArrayList<>();
        for (Object each : answer.subList(HEAD, answer.size())) {
            Told.ShardEvent event = RedisPresence.event((List<?>) each);
            events.add(new Kept(event.seq(), event));
        }
        return new Page(number(answer.get(0)), number(answer.get(1)), events);
    }

    @Override
    public Part snapshot(String product, int shard, String from) {
        String key = PresenceKeys.told(shard, product);
        ScanCursor cursor = from.isEmpty() ? ScanCursor.INITIAL : ScanCursor.of(from);
        CompletionStage<MapScanCursor<String, byte[]>> asked =
                redis.command(key, commands -> commands.hscan(key, cursor, ABOUT));
        MapScanCursor<String, byte[]> page = await(asked);
        List<Online> online = new ArrayList<>();
        for (Map.Entry<String, byte[]> each : page.getMap().entrySet()) {
            int slash = each.getKey().indexOf('/');
            String[] told = text(each.getValue()).split(" ", 2);
            online.add(new Online(
                    each.getKey().substring(0, slash),
                    each.getKey().substring(slash + 1),
                    Long.parseLong(told[0]),
                    Long.parseLong(told[1])));
        }
        return new Part(online, page.isFinished() ? "" : page.getCursor());
    }

    private static <T> T await(CompletionStage<T> answer) {
        return RedisStore.await(answer, Deadline.after(PATIENCE));
    }
}
