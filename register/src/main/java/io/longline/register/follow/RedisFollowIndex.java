package io.longline.register.follow;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.redis.RedisArgs;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.register.endpoint.Endpoint;
import io.longline.register.endpoint.FollowNote;
import io.longline.register.endpoint.Follows;
import io.longline.register.endpoint.RouteKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The index in Redis: each question is one script, whose header says what it is given and what it answers. */
public final class RedisFollowIndex implements FollowIndex {
    private static final RedisScript FOLLOW = RedisScript.of(RedisFollowIndex.class, "follow.lua");
    private static final RedisScript FOLLOWS = RedisScript.of(RedisFollowIndex.class, "follows.lua");
    private static final RedisScript SETTLE = RedisScript.of(RedisFollowIndex.class, "settle.lua");
    private static final RedisScript FOLLOWERS = RedisScript.of(RedisFollowIndex.class, "followers.lua");
    private static final FollowOutcome.NotJournaled NOT_TOLD = new FollowOutcome.NotJournaled(0, 0, false, List.of());

    private final RedisStore redis;
    private final FollowConfig config;
    private final int mostEvents;
    private final Runnable shardLost;

    /**
     * @param mostEvents a shard's stream of events takes no more than these
     * @param shardLost told whenever a script met a lost shard; must not block
     */
    public RedisFollowIndex(RedisStore redis, FollowConfig config, int mostEvents, Runnable shardLost) {
        this.redis = redis;
        this.config = config;
        this.mostEvents = mostEvents;
        this.shardLost = shardLost;
    }

    @Override
    public CompletionStage<FollowOutcome> follow(Wish wish) {
        return follow(wish, NOT_TOLD);
    }

    @Override
    public CompletionStage<FollowOutcome> follow(Wish wish, FollowOutcome.NotJournaled told) {
        Endpoint endpoint = wish.endpoint();
        RouteKeys keys = RouteKeys.of(endpoint.product(), endpoint.user());
        List<String> touched = List.of(
                keys.generation(),
                keys.events(),
                keys.routes(endpoint.product(), endpoint.user()),
                keys.follows(endpoint.product(), endpoint.user()),
                keys.followers(endpoint.product(), wish.topic()));
        RedisArgs args = RedisArgs.of(endpoint.product(), endpoint.user(), endpoint.device())
                .and(
                        wish.topic(),
                        wish.follows() ? 1 : 0,
                        wish.from(),
                        wish.generation(),
                        told.version(),
                        told.from(),
                        told.againstUser() ? 1 : 0,
                        config.mostTopics(),
                        mostEvents,
                        wish.onlyByBackEnd() ? 1 : 0);
        return run(FOLLOW, keys, touched, args).thenApply(RedisFollowIndex::outcome);
    }

    @Override
    public CompletionStage<FollowsOutcome> follows(Endpoint endpoint, boolean leaves) {
        RouteKeys keys = RouteKeys.of(endpoint.product(), endpoint.user());
        List<String> touched = List.of(
                keys.devices(endpoint.product(), endpoint.user()), keys.follows(endpoint.product(), endpoint.user()));
        return run(FOLLOWS, keys, touched, RedisArgs.of(endpoint.device(), leaves ? 1 : 0))
                .thenApply(answer -> followsOutcome(texts(answer)));
    }

    private static FollowsOutcome followsOutcome(List<String> words) {
        return words.getFirst().equals("LEFT")
                ? new FollowsOutcome.Left()
                : new FollowsOutcome.Known(Follows.parse(words));
    }

    @Override
    public CompletionStage<Settling> settle(Endpoint endpoint, List<FollowNote> told) {
        RouteKeys keys = RouteKeys.of(endpoint.product(), endpoint.user());
        List<String> touched = List.of(keys.generation(), keys.follows(endpoint.product(), endpoint.user()));
        RedisArgs args = RedisArgs.of(endpoint.device());
        for (FollowNote note : told) {
            args.and(note.endpoint().device() + "/" + note.topic(), says(note), note.from(), note.version());
        }
        return run(SETTLE, keys, touched, args).thenApply(answer -> settling(endpoint, texts(answer)));
    }

    /** The state of a record, as in {@code records.lua}. */
    private static String says(FollowNote note) {
        if (note.follows()) {
            return "1";
        }
        return note.againstUser() ? "0" : "-";
    }

    private static Settling settling(Endpoint endpoint, List<String> words) {
        if (words.isEmpty()) {
            return new Settling.Settled();
        }
        if (words.getFirst().equals("WAIT")) {
            return new Settling.Overtaken();
        }
        List<FollowNote> notes = new ArrayList<>();
        for (int i = 0; i < words.size(); i += 4) {
            String[] names = words.get(i).split("/", 2);
            notes.add(new FollowNote(
                    new Endpoint(endpoint.product(), endpoint.user(), names[0]),
                    names[1],
                    words.get(i + 1).equals("1"),
                    Long.parseLong(words.get(i + 2)),
                    Long.parseLong(words.get(i + 3)),
                    words.get(i + 1).equals("0")));
        }
        return new Settling.NotJournaled(notes);
    }

    @Override
    public CompletionStage<TopicFollowers> followers(String product, String topic, int shard, String after, int limit) {
        RouteKeys keys = RouteKeys.of(shard);
        return run(FOLLOWERS, keys, List.of(keys.followers(product, topic)), RedisArgs.of(after, limit))
                .thenApply(answer -> followers(texts(answer)));
    }

    private static TopicFollowers followers(List<String> words) {
        return new TopicFollowers(Long.parseLong(words.getFirst()), words.subList(1, words.size()));
    }

    private CompletionStage<List<byte[]>> run(
            RedisScript script, RouteKeys keys, List<String> touched, RedisArgs args) {
        CompletionStage<List<byte[]>> stage =
                redis.script(script, ScriptOutputType.MULTI, keys.mark(), touched, args.list());
        return stage.whenComplete((answer, error) -> {
            if (error != null && ErrorTranslator.fromAny(error).code() == ErrorCode.SHARD_LOST) {
                shardLost.run();
            }
        });
    }

    private static FollowOutcome outcome(List<byte[]> answer) {
        List<String> words = texts(answer);
        return switch (words.getFirst()) {
            case "NOTE" ->
                new FollowOutcome.NotJournaled(
                        Long.parseLong(words.get(1)),
                        Long.parseLong(words.get(2)),
                        words.get(3).equals("1"),
                        words.subList(4, words.size()));
            case "DONE" ->
                new FollowOutcome.Done(
                        Long.parseLong(words.get(1)), words.get(2).equals("1"));
            case "STALE" -> new FollowOutcome.Stale();
            case "DENIED" -> new FollowOutcome.Denied();
            case "MANY" -> new FollowOutcome.TooMany(Integer.parseInt(words.get(1)));
            case "FULL" -> new FollowOutcome.StreamFull();
            default -> throw new LonglineException(ErrorCode.INTERNAL, "follow.lua answered " + words);
        };
    }

    private static List<String> texts(List<byte[]> answer) {
        return answer.stream()
                .map(each -> new String(each, StandardCharsets.UTF_8))
                .toList();
    }
}
