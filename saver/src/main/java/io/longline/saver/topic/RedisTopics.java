package io.longline.saver.topic;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.journal.JournalEntry.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Logs in Redis. Every step is a script beside this class; what it is given and answers stands at its top. */
public final class RedisTopics implements TopicStore {
    private static final RedisScript PUBLISH = RedisScript.of(RedisTopics.class, "publish.lua");
    private static final RedisScript PUBLISHED = RedisScript.of(RedisTopics.class, "published.lua");
    private static final RedisScript RECALL = RedisScript.of(RedisTopics.class, "recall.lua");
    private static final RedisScript READ = RedisScript.of(RedisTopics.class, "read.lua");
    private static final RedisScript HEAD = RedisScript.of(RedisTopics.class, "head.lua");
    private static final RedisScript PASSED = RedisScript.of(RedisTopics.class, "passed.lua");
    private static final RedisScript PASS = RedisScript.of(RedisTopics.class, "pass.lua");
    private static final RedisScript UNTOLD = RedisScript.of(RedisTopics.class, "untold.lua");
    private static final RedisScript TOLD = RedisScript.of(RedisTopics.class, "told.lua");
    private static final RedisScript SENT = RedisScript.of(RedisTopics.class, "sent.lua");
    private static final RedisScript NAMES = RedisScript.of(RedisTopics.class, "names.lua");
    private static final RedisScript SETTLE = RedisScript.of(RedisTopics.class, "settle.lua");
    private static final RedisScript BROADCASTS = RedisScript.of(RedisTopics.class, "broadcasts.lua");

    /** Of how many topics it is known how far an endpoint is: more than it may follow at a time. */
    static final int MOST_PASSED = 500;

    private final RedisStore redis;
    private final TopicLimits limits;

    public RedisTopics(RedisStore redis, TopicLimits limits) {
        this.redis = redis;
        this.limits = limits;
    }

    @Override
    public CompletionStage<PublishOutcome> publish(NewMessage message, boolean hasRoom) {
        Topic topic = message.topic();
        List<byte[]> args = List.of(
                RedisReply.bytes(topic.text()),
                RedisReply.bytes(message.messageId()),
                RedisReply.bytes(message.sentAtMs()),
                RedisReply.bytes(message.expiresAtMs()),
                message.message().toByteArray(),
                RedisReply.bytes(limits.messages(topic)),
                RedisReply.bytes(limits.bytes(topic)),
                RedisReply.bytes(hasRoom ? 1 : 0));
        return many(PUBLISH, topic.shard(), List.of(TopicKeys.offset(topic.shard())), args)
                .thenApply(RedisTopics::outcome);
    }

    private static PublishOutcome outcome(RedisReply reply) {
        return reply.size() == 1 ? new PublishOutcome.NoRoom() : published(reply);
    }

    private static PublishOutcome.Published published(RedisReply reply) {
        return new PublishOutcome.Published(
                reply.number(0), reply.number(1), reply.number(2) == 1, reply.number(3), reply.number(4));
    }

    @Override
    public CompletionStage<PublishOutcome.Published> recall(Topic topic, String messageId) {
        List<byte[]> args = List.of(RedisReply.bytes(topic.text()), RedisReply.bytes(messageId));
        return many(RECALL, topic.shard(), List.of(TopicKeys.offset(topic.shard())), args)
                .thenApply(RedisTopics::published);
    }

    @Override
    public CompletionStage<Boolean> isPublished(Topic topic, String messageId, long offset) {
        return one(PUBLISHED, topic.shard(), List.of(TopicKeys.id(topic, messageId)), List.of(RedisReply.bytes(offset)))
                .thenApply(found -> found == 1);
    }

    @Override
    public CompletionStage<LogRead> read(Topic topic, long after, long upto, int limit) {
        List<byte[]> args = List.of(
                RedisReply.bytes(topic.text()),
                RedisReply.bytes(after),
                RedisReply.bytes(limit),
                RedisReply.bytes(LogCache.PAGE_BYTES),
                RedisReply.bytes(upto));
        return many(READ, topic.shard(), List.of(TopicKeys.topic(topic)), args).thenApply(reply -> {
            RedisReply found = reply.list(8);
            List<LogPage.Entry> entries = found.each(
                    4,
                    i -> new LogPage.Entry(
                            found.number(i), found.number(i + 1), found.number(i + 2), found.raw(i + 3)));
            LogPage page = new LogPage(entries, reply.number(6) == 1, reply.number(7), reply.number(5));
            return new LogRead(
                    after, reply.number(0), reply.number(1), reply.number(2), reply.number(3), reply.number(4), page);
        });
    }

    @Override
    public CompletionStage<Head> head(Topic topic, int newest) {
        List<String> keys = List.of(TopicKeys.topic(topic), TopicKeys.log(topic));
        return many(HEAD, topic.shard(), keys, List.of(RedisReply.bytes(newest)))
                .thenApply(reply -> new Head(reply.number(0), reply.number(1), reply.number(2)));
    }

    @Override
    public CompletionStage<Long> passed(Endpoint endpoint, String topic) {
        return one(PASSED, endpoint.shard(), List.of(TopicKeys.passed(endpoint)), List.of(RedisReply.bytes(topic)));
    }

    @Override
    public CompletionStage<Long> pass(Endpoint endpoint, String topic, long offset) {
        List<byte[]> args = List.of(RedisReply.bytes(topic), RedisReply.bytes(offset), RedisReply.bytes(MOST_PASSED));
        return one(PASS, endpoint.shard(), List.of(TopicKeys.passed(endpoint)), args);
    }

    @Override
    public CompletionStage<List<Untold>> untold(int shard, long olderThanMs, int limit) {
        List<byte[]> args = List.of(RedisReply.bytes(olderThanMs), RedisReply.bytes(limit));
        return many(UNTOLD, shard, List.of(TopicKeys.untold(shard)), args)
                .thenApply(reply -> reply.each(
                        3, i -> new Untold(Topic.parse(reply.text(i)), reply.number(i + 1), reply.number(i + 2))));
    }

    @Override
    public CompletionStage<Void> told(Topic topic, long upto, Map<String, Reach> rooms, boolean all) {
        int shard = topic.shard();
        List<String> keys = List.of(
                TopicKeys.topic(topic), TopicKeys.log(topic), TopicKeys.send(shard, upto), TopicKeys.untold(shard));
        List<byte[]> args = new ArrayList<>();
        args.add(RedisReply.bytes(topic.text()));
        args.add(RedisReply.bytes(upto));
        args.add(RedisReply.bytes(all ? 1 : 0));
        rooms.forEach((room, reach) -> {
            args.add(RedisReply.bytes(room));
            args.add(RedisReply.bytes(reach.followers()));
            args.add(RedisReply.bytes(reach.written()));
        });
        return one(TOLD, shard, keys, args).thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<Optional<Send>> send(int shard, long offset) {
        return many(SENT, shard, List.of(TopicKeys.send(shard, offset)), List.of(RedisReply.bytes(offset)))
                .thenApply(reply ->
                        Optional.of(reply).filter(found -> found.size() > 0).map(RedisTopics::send));
    }

    private static Send send(RedisReply reply) {
        RedisReply noted = reply.list(5);
        Map<String, Reach> rooms = new TreeMap<>();
        for (int i = 0; i < noted.size(); i += 2) {
            String counts = noted.text(i + 1);
            int blank = counts.indexOf(' ');
            rooms.put(
                    noted.text(i),
                    new Reach(Long.parseLong(counts.substring(0, blank)), Long.parseLong(counts.substring(blank + 1))));
        }
        return new Send(
                Topic.parse(reply.text(0)),
                reply.text(1),
                reply.number(2),
                reply.number(3),
                reply.number(4) == 1,
                rooms,
                reply.number(6) == 1);
    }

    @Override
    public CompletionStage<List<Named>> names(String product, int shard, String after, int limit) {
        List<byte[]> args = List.of(RedisReply.bytes(product), RedisReply.bytes(after), RedisReply.bytes(limit));
        return many(NAMES, shard, List.of(TopicKeys.topics(shard)), args)
                .thenApply(reply ->
                        reply.each(3, i -> new Named(reply.text(i), reply.number(i + 1), reply.number(i + 2))));
    }

    @Override
    public CompletionStage<Void> settle(Settled settled) {
        int shard = settled.topic().shard();
        List<byte[]> args = List.of(
                RedisReply.bytes(settled.topic().text()),
                RedisReply.bytes(settled.offset()),
                RedisReply.bytes(settled.how().name()));
        return one(SETTLE, shard, List.of(TopicKeys.untold(shard)), args).thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<List<String>> broadcasts(String product, int limit) {
        int shard = Topic.shardOfBroadcasts(product);
        List<byte[]> args = List.of(RedisReply.bytes(product), RedisReply.bytes(limit));
        return many(BROADCASTS, shard, List.of(TopicKeys.topics(shard)), args)
                .thenApply(reply -> reply.each(1, reply::text));
    }

    private CompletionStage<RedisReply> many(RedisScript script, int shard, List<String> keys, List<byte[]> args) {
        CompletionStage<List<Object>> answer =
                redis.script(script, ScriptOutputType.MULTI, InboxKeys.mark(shard), keys, args);
        return answer.thenApply(RedisReply::new);
    }

    private CompletionStage<Long> one(RedisScript script, int shard, List<String> keys, List<byte[]> args) {
        CompletionStage<Long> answer =
                redis.script(script, ScriptOutputType.INTEGER, InboxKeys.mark(shard), keys, args);
        return answer.thenApply(Function.identity());
    }
}
