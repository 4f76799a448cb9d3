package io.longline.saver.rebuild;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.CopyState;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.inbox.InboxKeys;
import io.longline.saver.inbox.RedisInbox;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.MysqlReader.Journaled;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Restores into Redis. Heirs and watermarks go through the scripts of the inbox, under the mark of the rebuild. */
public final class RedisRestore implements RestoreStore {
    private static final RedisScript BEGIN = RedisScript.of(RedisRestore.class, "begin.lua");
    private static final RedisScript RESTORE = RedisScript.of(RedisRestore.class, "restore.lua");
    private static final RedisScript FINISH = RedisScript.of(RedisRestore.class, "finish.lua");
    private static final RedisScript INHERIT = RedisScript.of(RedisInbox.class, "inherit.lua");
    private static final RedisScript ACK = RedisScript.of(RedisInbox.class, "ack.lua");

    private final RedisStore redis;

    public RedisRestore(RedisStore redis) {
        this.redis = redis;
    }

    private static String mark(int shard, String rebuild) {
        return Shards.tag(shard) + ":mark:rebuild:" + rebuild;
    }

    @Override
    public CompletionStage<Boolean> begin(int shard, String rebuild) {
        CompletionStage<Long> begun = redis.unmarked(
                BEGIN, ScriptOutputType.INTEGER, List.of(InboxKeys.mark(shard), mark(shard, rebuild)), List.of());
        return begun.thenApply(answer -> answer == 1);
    }

    @Override
    public CompletionStage<Void> heir(Heir heir, String rebuild) {
        Endpoint ofUser = new Endpoint(heir.product(), heir.user(), heir.heir());
        int shard = ofUser.shard();
        List<byte[]> args = List.of(
                RedisReply.bytes(Shards.tag(shard)),
                RedisReply.bytes(ofUser.owner()),
                RedisReply.bytes(ofUser.device()),
                RedisReply.bytes(heir.version()));
        CompletionStage<List<Object>> done = redis.script(
                INHERIT,
                ScriptOutputType.MULTI,
                mark(shard, rebuild),
                List.of(InboxKeys.user(ofUser), InboxKeys.unsent(shard)),
                args);
        return done.thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<Void> watermark(Endpoint endpoint, long seq, String rebuild) {
        int shard = endpoint.shard();
        List<byte[]> args = List.of(
                RedisReply.bytes(InboxKeys.copies(endpoint)),
                RedisReply.bytes(endpoint.text()),
                RedisReply.bytes(seq),
                RedisReply.bytes(1));
        CompletionStage<List<Object>> done = redis.script(
                ACK,
                ScriptOutputType.MULTI,
                mark(shard, rebuild),
                List.of(InboxKeys.box(endpoint), InboxKeys.inbox(endpoint), InboxKeys.unsent(shard)),
                args);
        return done.thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<Boolean> message(
            Endpoint holder, Journaled message, Optional<CopyState> end, String rebuild) {
        int shard = holder.shard();
        List<String> keys = List.of(
                InboxKeys.user(holder),
                InboxKeys.box(holder),
                InboxKeys.inbox(holder),
                InboxKeys.copies(holder) + message.messageId(),
                InboxKeys.unsent(shard),
                InboxKeys.collapse(holder));
        List<byte[]> args = List.of(
                RedisReply.bytes(holder.text()),
                RedisReply.bytes(message.seq()),
                RedisReply.bytes(message.messageId()),
                RedisReply.bytes(message.expiresAtMs()),
                RedisReply.bytes(end.map(Enum::name).orElse("")),
                RedisReply.bytes(message.reason()),
                message.message().toByteArray(),
                RedisReply.bytes(JournaledMessages.collapseKey(message.message())));
        CompletionStage<Long> restored =
                redis.script(RESTORE, ScriptOutputType.INTEGER, mark(shard, rebuild), keys, args);
        return restored.thenApply(answer -> answer == 1);
    }

    @Override
    public CompletionStage<Void> finish(int shard, String rebuild) {
        CompletionStage<Long> finished = redis.script(
                FINISH, ScriptOutputType.INTEGER, mark(shard, rebuild), List.of(InboxKeys.mark(shard)), List.of());
        return finished.thenAccept(answer -> {});
    }
}
