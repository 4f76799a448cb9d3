package io.longline.saver.rebuild;

import io.lettuce.core.ScriptOutputType;
import io.longline.keeper.redis.RedisScript;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.InboxKeys;
import io.longline.saver.endpoint.RedisReply;
import io.longline.saver.endpoint.TopicKeys;
import io.longline.saver.inbox.RedisInbox;
import io.longline.saver.journal.JournalEntry;
import io.longline.saver.journal.JournalEntry.Heir;
import io.longline.saver.journal.JournalEntry.Moved;
import io.longline.saver.journal.JournalEntry.Row;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.TakenOver;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.MysqlReader.Acked;
import io.longline.saver.journal.MysqlReader.JournaledSchedule;
import io.longline.saver.journal.MysqlTopicReader.Passed;
import io.longline.saver.message.MessageKeys;
import io.longline.saver.topic.TopicLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Restores into Redis. Heirs go through the scripts of the inbox, under the mark of the rebuild. */
public final class RedisRestore implements RestoreStore {
    private static final RedisScript BEGIN = RedisScript.of(RedisRestore.class, "begin.lua");
    private static final RedisScript ROWS = RedisScript.of(RedisRestore.class, "rows.lua");
    private static final RedisScript SCHEDULE = RedisScript.of(RedisRestore.class, "schedule.lua");
    private static final RedisScript TOPICS = RedisScript.of(RedisRestore.class, "topics.lua");
    private static final RedisScript BROADCASTS = RedisScript.of(RedisRestore.class, "broadcasts.lua");
    private static final RedisScript OFFSETS = RedisScript.of(RedisRestore.class, "offsets.lua");
    private static final RedisScript ACKED = RedisScript.of(RedisRestore.class, "acked.lua");
    private static final RedisScript FINISH = RedisScript.of(RedisRestore.class, "finish.lua");
    private static final RedisScript NOTE_WHOLE = RedisScript.of(RedisRestore.class, "note_whole.lua");
    private static final RedisScript INHERIT = RedisScript.of(RedisInbox.class, "inherit.lua");
    private static final RedisScript KEPT = RedisScript.of(RedisInbox.class, "kept.lua");

    private final RedisStore redis;
    private final Duration awayAfter;

    /**
     * Into this Redis.
     *
     * @param awayAfter what was stored longer ago stays in MySQL until its client comes; zero: nothing does
     */
    public RedisRestore(RedisStore redis, Duration awayAfter) {
        this.redis = redis;
        this.awayAfter = awayAfter;
    }

    private static String mark(int shard, String rebuild) {
        return Shards.tag(shard) + ":mark:rebuild:" + rebuild;
    }

    @Override
    public CompletionStage<Optional<Begun>> begin(int shard, String rebuild) {
        CompletionStage<List<Long>> begun = redis.unmarked(
                BEGIN,
                ScriptOutputType.MULTI,
                List.of(InboxKeys.mark(shard), mark(shard, rebuild), InboxKeys.whole(shard)),
                List.of());
        return begun.thenApply(
                times -> times.isEmpty() ? Optional.empty() : Optional.of(new Begun(times.get(0), times.get(1))));
    }

    @Override
    public CompletionStage<List<JournalEntry>> heir(Heir heir, String rebuild) {
        Endpoint holder = holder(heir);
        int shard = holder.shard();
        List<byte[]> args = List.of(
                RedisReply.bytes(Shards.tag(shard)),
                RedisReply.bytes(holder.owner()),
                RedisReply.bytes(holder.device()),
                RedisReply.bytes(heir.version()));
        CompletionStage<List<Object>> done = redis.script(
                INHERIT,
                ScriptOutputType.MULTI,
                mark(shard, rebuild),
                List.of(InboxKeys.user(holder), InboxKeys.unsent(shard)),
                args);
        return done.thenApply(RedisReply::new).thenApply(reply -> owed(heir, holder, reply));
    }

    private static Endpoint holder(Heir heir) {
        return new Endpoint(heir.product(), heir.user(), heir.heir());
    }

    /** What is owed of another decision than this one is journaled by the next bind. */
    private static List<JournalEntry> owed(Heir heir, Endpoint holder, RedisReply reply) {
        if (reply.number(2) == 1 || reply.number(1) != heir.version()) {
            return List.of();
        }
        RedisReply gone = reply.list(3);
        RedisReply fresh = reply.list(4);
        List<JournalEntry> owed = new ArrayList<>();
        owed.addAll(gone.each(1, i -> new Moved(holder, gone.number(i))));
        owed.addAll(fresh.each(
                4, i -> new Row(holder, fresh.number(i), fresh.text(i + 2), fresh.decimal(i + 1), fresh.raw(i + 3))));
        RedisReply held = reply.list(5);
        if (held.size() > 0) {
            owed.add(new TakenOver(holder, held.each(1, held::number)));
        }
        owed.add(heir);
        return owed;
    }

    @Override
    public CompletionStage<Void> kept(Heir heir, String rebuild) {
        Endpoint holder = holder(heir);
        CompletionStage<Long> kept = redis.script(
                KEPT,
                ScriptOutputType.INTEGER,
                mark(holder.shard(), rebuild),
                List.of(InboxKeys.user(holder), InboxKeys.moved(holder)),
                List.of(RedisReply.bytes(heir.version())));
        return kept.thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<Void> watermarks(int shard, List<Acked> watermarks, String rebuild) {
        List<byte[]> args = new ArrayList<>(1 + 2 * watermarks.size());
        args.add(RedisReply.bytes(Shards.tag(shard)));
        for (Acked acked : watermarks) {
            args.add(RedisReply.bytes(acked.endpoint().text()));
            args.add(RedisReply.bytes(acked.seq()));
        }
        CompletionStage<Long> raised = redis.script(
                ACKED, ScriptOutputType.INTEGER, mark(shard, rebuild), List.of(InboxKeys.unsent(shard)), args);
        return raised.thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<Integer> messages(int shard, List<Copy> copies, String rebuild) {
        Map<Endpoint, List<Copy>> byHolder = new LinkedHashMap<>();
        copies.forEach(copy -> byHolder.computeIfAbsent(copy.holder(), holder -> new ArrayList<>())
                .add(copy));
        List<byte[]> args = new ArrayList<>();
        args.add(RedisReply.bytes(Shards.tag(shard)));
        args.add(RedisReply.bytes(awayAfter.toMillis()));
        byHolder.forEach((holder, rows) -> {
            args.add(RedisReply.bytes(holder.owner()));
            args.add(RedisReply.bytes(holder.device()));
            args.add(RedisReply.bytes(rows.size()));
            rows.forEach(row -> addRow(args, row));
        });
        CompletionStage<Long> restored = redis.script(
                ROWS, ScriptOutputType.INTEGER, mark(shard, rebuild), List.of(InboxKeys.unsent(shard)), args);
        return restored.thenApply(Math::toIntExact);
    }

    private static void addRow(List<byte[]> args, Copy copy) {
        args.add(RedisReply.bytes(copy.message().seq()));
        args.add(RedisReply.bytes(copy.message().messageId()));
        args.add(RedisReply.bytes(copy.message().expiresAtMs()));
        args.add(RedisReply.bytes(copy.end().map(Enum::name).orElse("")));
        args.add(RedisReply.bytes(copy.message().reason()));
        args.add(copy.message().message().toByteArray());
        args.add(RedisReply.bytes(JournaledMessages.collapseKey(copy.message().message())));
    }

    @Override
    public CompletionStage<Integer> schedule(int shard, List<JournaledSchedule> messages, String rebuild) {
        List<byte[]> args = new ArrayList<>();
        args.add(RedisReply.bytes(MessageKeys.records(shard)));
        args.add(RedisReply.bytes(MessageKeys.kept(shard)));
        for (JournaledSchedule message : messages) {
            args.add(RedisReply.bytes(message.product() + "/" + message.messageId()));
            args.add(message.bodyHash().toByteArray());
            args.add(RedisReply.bytes(message.sendAtMs()));
            args.add(RedisReply.bytes(message.overAtMs()));
            args.add(RedisReply.bytes(
                    message.stage() == JournaledSchedule.Stage.WAITING
                            ? ""
                            : message.stage().name()));
            args.add(RedisReply.bytes(message.targets()));
            args.add(message.push().toByteArray());
        }
        CompletionStage<Long> restored = redis.script(
                SCHEDULE, ScriptOutputType.INTEGER, mark(shard, rebuild), List.of(MessageKeys.schedule(shard)), args);
        return restored.thenApply(Math::toIntExact);
    }

    @Override
    public CompletionStage<Integer> topics(int shard, List<Published> messages, TopicLimits limits, String rebuild) {
        List<byte[]> args = new ArrayList<>();
        for (Published published : messages) {
            TopicRow message = published.row();
            args.add(RedisReply.bytes(message.topic().text()));
            args.add(RedisReply.bytes(message.offset()));
            args.add(RedisReply.bytes(message.messageId()));
            args.add(RedisReply.bytes(message.sentAtMs()));
            args.add(RedisReply.bytes(message.expiresAtMs()));
            args.add(RedisReply.bytes(published.left().code()));
            args.add(RedisReply.bytes(limits.messages(message.topic())));
            args.add(RedisReply.bytes(limits.bytes(message.topic())));
            args.add(published.left() == Left.ALL ? message.message().toByteArray() : new byte[0]);
        }
        CompletionStage<Long> restored = redis.script(
                TOPICS, ScriptOutputType.INTEGER, mark(shard, rebuild), List.of(TopicKeys.offset(shard)), args);
        return restored.thenApply(Math::toIntExact);
    }

    @Override
    public CompletionStage<Void> settled(int shard, List<Settled> settled, String rebuild) {
        List<byte[]> args = new ArrayList<>();
        for (Settled broadcast : settled) {
            args.add(RedisReply.bytes(broadcast.topic().text()));
            args.add(RedisReply.bytes(broadcast.offset()));
            args.add(RedisReply.bytes(broadcast.how().name()));
        }
        CompletionStage<Long> done =
                redis.script(BROADCASTS, ScriptOutputType.INTEGER, mark(shard, rebuild), List.of(), args);
        return done.thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<Void> offsets(int shard, List<Passed> offsets, String rebuild) {
        List<byte[]> args = new ArrayList<>();
        for (Passed passed : offsets) {
            args.add(RedisReply.bytes(passed.endpoint().text()));
            args.add(RedisReply.bytes(passed.topic()));
            args.add(RedisReply.bytes(passed.offset()));
        }
        CompletionStage<Long> raised =
                redis.script(OFFSETS, ScriptOutputType.INTEGER, mark(shard, rebuild), List.of(), args);
        return raised.thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<Void> finish(int shard, String rebuild) {
        CompletionStage<Long> finished = redis.script(
                FINISH,
                ScriptOutputType.INTEGER,
                mark(shard, rebuild),
                List.of(InboxKeys.mark(shard), InboxKeys.whole(shard)),
                List.of());
        return finished.thenAccept(answer -> {});
    }

    @Override
    public CompletionStage<Integer> noteWhole() {
        CompletionStage<Integer> all = CompletableFuture.completedFuture(0);
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            CompletionStage<Long> noted = redis.unmarked(
                    NOTE_WHOLE,
                    ScriptOutputType.INTEGER,
                    List.of(InboxKeys.mark(shard), InboxKeys.whole(shard)),
                    List.of());
            // A node that is away keeps no other from being noted.
            all = all.thenCombine(noted.exceptionally(error -> 0L), (sum, one) -> sum + one.intValue());
        }
        return all;
    }
}
