package io.longline.saver.rebuild;

import io.longline.saver.journal.Extent;
import io.longline.saver.journal.JournalEntry.Settled;
import io.longline.saver.journal.JournalEntry.Settled.How;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.MysqlTopicReader;
import io.longline.saver.journal.MysqlTopicReader.Passed;
import io.longline.saver.rebuild.RestoreStore.Left;
import io.longline.saver.rebuild.RestoreStore.Published;
import io.longline.saver.topic.TopicLimits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Restores the topics of a shard: the newest messages of their logs, the ids that are still refused, what became of those that are broadcasts, and how far the endpoints of the
 * shard are in whatever topics.
 */
public final class TopicRestore {
    private static final int FIXED_BYTES = 150;

    private final RestoreStore store;
    private final MysqlTopicReader reader;
    private final TopicLimits limits;

    public TopicRestore(RestoreStore store, MysqlTopicReader reader, TopicLimits limits) {
        this.store = store;
        this.reader = reader;
        this.limits = limits;
    }

    /** How many messages are there again. */
    int restore(int shard, String rebuild, Extent extent) {
        RestoreSteps<Passed, Void> offsets =
                new RestoreSteps<>(passed -> FIXED_BYTES, some -> store.offsets(shard, some, rebuild), done -> {});
        reader.offsets(shard, offsets::add);
        offsets.finish();
        return restoreMessages(shard, rebuild, extent);
    }

    private int restoreMessages(int shard, String rebuild, Extent extent) {
        Set<Settled> settled = new LinkedHashSet<>();
        reader.settled(shard, settled::add);
        List<Integer> restored = new ArrayList<>();
        // What is not above all that a log was ever given is left out: a batch behind one that failed would make the
        // failed one's messages such.
        RestoreSteps<Published, Integer> messages = RestoreSteps.oneByOne(
                one -> FIXED_BYTES + one.row().message().size(),
                some -> store.topics(shard, some, limits, rebuild),
                restored::add);
        // One more than there is room for tells, as it leaves, that there were more. What was removed needs none.
        reader.messages(shard, extent, limits.mostMessages() + 1 + settled.size(), logged -> {
            TopicRow row = logged.row();
            boolean removed = settled.contains(new Settled(row.topic(), row.offset(), How.REMOVE));
            messages.add(new Published(row, removed ? Left.REMOVED : logged.isInLog() ? Left.ALL : Left.ID));
        });
        messages.finish();
        RestoreSteps<Settled, Void> steps =
                new RestoreSteps<>(one -> FIXED_BYTES, some -> store.settled(shard, some, rebuild), done -> {});
        settled.forEach(steps::add);
        steps.finish();
        return restored.stream().mapToInt(Integer::intValue).sum();
    }
}
