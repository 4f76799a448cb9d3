package io.longline.coordinator.events;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.models.stream.ClaimedMessages;
import io.longline.coordinator.CoordinatorMetrics;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Register's event streams, {@code {sN}:events}, read as one consumer group. All coordinators are one consumer in it: what counts is how
 * long an entry has been under way, not whose it was, and no names of dead processes pile up.
 */
final class RedisEventStream implements EventStream {
    private static final Logger log = LoggerFactory.getLogger(RedisEventStream.class);
    private static final RedisScript FINISH = RedisScript.of(RedisEventStream.class, "finish.lua");
    private static final String GROUP = "coordinator";
    private static final Consumer<String> CONSUMER = Consumer.from(GROUP, GROUP);
    private static final String BEGINNING = "0-0";
    private static final int AT_ONCE = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RedisStore redis;
    private final Duration abandonedAfter;
    private final CoordinatorMetrics metrics;
    /** Where the next look for abandoned entries begins, by shard. Touched by the one thread that reads. */
    private final String[] cursors = new String[Shards.COUNT];

    RedisEventStream(RedisStore redis, Duration abandonedAfter, CoordinatorMetrics metrics) {
        this.redis = redis;
        this.abandonedAfter = abandonedAfter;
        this.metrics = metrics;
        Arrays.fill(cursors, BEGINNING);
    }

    @Override
    @SuppressWarnings("unchecked") // lettuce's StreamOffset<K>...
    public List<SessionEvent> fresh() {
        return ofAllShards(shard -> withGroup(
                key(shard),
                commands -> commands.xreadgroup(
                        CONSUMER, XReadArgs.Builder.count(AT_ONCE), StreamOffset.lastConsumed(key(shard)))));
    }

    @Override
    public List<SessionEvent> abandoned() {
        return ofAllShards(shard -> withGroup(
                        key(shard),
                        commands -> commands.xautoclaim(
                                key(shard),
                                XAutoClaimArgs.Builder.xautoclaim(CONSUMER, abandonedAfter, cursors[shard])
                                        .count(AT_ONCE)))
                .thenApply(claimed -> remember(shard, claimed)));
    }

    private List<StreamMessage<String, byte[]>> remember(int shard, ClaimedMessages<String, byte[]> claimed) {
        cursors[shard] = claimed.getId();
        return claimed.getMessages();
    }

    /** Runs the command; where the group is not there (a new or an emptied Redis), makes it, from the stream's beginning, and runs it again. */
    private <T> CompletionStage<T> withGroup(
            String key, Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return redis.command(
                key,
                commands -> command.apply(commands)
                        .exceptionallyCompose(error -> isNoGroup(error)
                                ? makeGroup(commands, key).thenCompose(made -> command.apply(commands))
                                : CompletableFuture.failedStage(error)));
    }

    private static CompletionStage<String> makeGroup(RedisClusterAsyncCommands<String, byte[]> commands, String key) {
        return commands.xgroupCreate(StreamOffset.from(key, BEGINNING), GROUP, XGroupCreateArgs.Builder.mkstream())
                .exceptionally(error -> "another coordinator made it, or the next command says what is wrong");
    }

    private static boolean isNoGroup(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof RedisCommandExecutionException
                && String.valueOf(cause.getMessage()).startsWith("NOGROUP");
    }

    /** All shards at once; what some give counts, unless none does. */
    private List<SessionEvent> ofAllShards(IntFunction<CompletionStage<List<StreamMessage<String, byte[]>>>> read) {
        Deadline deadline = Deadline.after(PATIENCE);
        List<CompletionStage<List<StreamMessage<String, byte[]>>>> shards = new ArrayList<>();
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            shards.add(read.apply(shard));
        }
        List<SessionEvent> found = new ArrayList<>();
        LonglineException failure = null;
        int failed = 0;
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            try {
                found.addAll(parse(shard, RedisStore.await(shards.get(shard), deadline)));
            } catch (LonglineException e) {
                failure = e;
                failed++;
            }
        }
        if (failure != null && failed == Shards.COUNT) {
            throw failure;
        }
        return found;
    }

    private List<SessionEvent> parse(int shard, List<StreamMessage<String, byte[]>> entries) {
        List<SessionEvent> parsed = new ArrayList<>();
        List<SessionEvent.Entry> unreadable = new ArrayList<>();
        for (StreamMessage<String, byte[]> message : entries) {
            SessionEvent.Entry entry = new SessionEvent.Entry(shard, message.getId());
            SessionEvent event = parse(entry, message.getBody());
            if (event == null) {
                unreadable.add(entry);
            } else {
                parsed.add(event);
            }
        }
        if (!unreadable.isEmpty()) {
            metrics.unreadable(unreadable.size());
            log.warn(
                    "entries dropped that are no event this release knows shard={} count={}", shard, unreadable.size());
            finish(unreadable);
        }
        return parsed;
    }

    private static @Nullable SessionEvent parse(SessionEvent.Entry entry, @Nullable Map<String, byte[]> body) {
        SessionEvent.Type type = body == null ? null : type(text(body, "type"));
        if (body == null || type == null) {
            return null;
        }
        try {
            SessionEvent.Place place = new SessionEvent.Place(
                    text(body, "room"),
                    Long.parseLong(text(body, "incarnation")),
                    Integer.parseInt(text(body, "loop")),
                    Integer.parseInt(text(body, "slot")),
                    Integer.parseInt(text(body, "slot_generation")));
            String reason = text(body, "reason");
            return new SessionEvent(
                    entry,
                    type,
                    place,
                    Long.parseLong(text(body, "generation")),
                    reason.isEmpty() ? type.reason() : reason);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static SessionEvent.@Nullable Type type(String word) {
        for (SessionEvent.Type type : SessionEvent.Type.values()) {
            if (type.word().equals(word)) {
                return type;
            }
        }
        return null;
    }

    private static String text(Map<String, byte[]> body, String name) {
        return new String(body.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    @Override
    public void finish(List<SessionEvent.Entry> entries) {
        Map<Integer, List<byte[]>> byShard = new HashMap<>();
        for (SessionEvent.Entry entry : entries) {
            byShard.computeIfAbsent(entry.shard(), shard -> new ArrayList<>(List.of(ascii(GROUP))))
                    .add(ascii(entry.id()));
        }
        List<CompletionStage<Long>> done = new ArrayList<>();
        byShard.forEach(
                (shard, args) -> done.add(redis.unmarked(FINISH, ScriptOutputType.INTEGER, List.of(key(shard)), args)));
        Deadline deadline = Deadline.after(PATIENCE);
        done.forEach(stage -> RedisStore.await(stage, deadline));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String key(int shard) {
        return Shards.tag(shard) + ":events";
    }
}
