package io.longline.keeper.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All shards with a mark and a value each, through a store, as the services use it. */
final class MarkedKeys {
    private static final RedisScript MARKED_SET = RedisScript.of(MarkedKeys.class, "marked_set.lua");
    private static final RedisScript SET_MARK = RedisScript.of(MarkedKeys.class, "set_mark.lua");
    private static final RedisScript TELL_RUN_ID = RedisScript.of(MarkedKeys.class, "tell_run_id.lua");

    private final RedisStore store;

    MarkedKeys(RedisStore store) {
        this.store = store;
    }

    static String mark(int shard) {
        return Shards.tag(shard) + ":mark:test";
    }

    /** Marks all shards, with the run_id of whoever has them. */
    void markAll() {
        List<CompletionStage<String>> marks = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard ->
                        store.<String>unmarked(SET_MARK, ScriptOutputType.STATUS, List.of(mark(shard)), List.of()))
                .toList();
        marks.forEach(MarkedKeys::wait);
    }

    CompletionStage<Long> set(int shard, String value) {
        return store.script(
                MARKED_SET,
                ScriptOutputType.INTEGER,
                mark(shard),
                List.of(Shards.tag(shard) + ":value"),
                List.of(value.getBytes(UTF_8)));
    }

    /** How setting the value failed; nothing if it did not. */
    Optional<ErrorCode> failure(int shard) {
        try {
            wait(set(shard, "x"));
            return Optional.empty();
        } catch (LonglineException e) {
            return Optional.of(e.code());
        }
    }

    Set<Integer> lost() {
        return IntStream.range(0, Shards.COUNT)
                .filter(shard -> failure(shard).equals(Optional.of(ErrorCode.SHARD_LOST)))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What the script was given and the truth. */
    record RunIds(String given, String here) {}

    RunIds runIds(int shard) {
        List<byte[]> told = wait(store.unmarked(TELL_RUN_ID, ScriptOutputType.MULTI, List.of(mark(shard)), List.of()));
        return new RunIds(new String(told.get(0), UTF_8), new String(told.get(1), UTF_8));
    }

    static <T> T wait(CompletionStage<T> stage) {
        return RedisStore.await(stage, Deadline.after(Duration.ofSeconds(20)));
    }
}
