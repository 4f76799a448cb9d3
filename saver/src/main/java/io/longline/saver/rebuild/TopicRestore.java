package io.longline.saver.rebuild;

import io.longline.saver.journal.Extent;
import io.longline.saver.journal.JournalEntry.TopicRow;
import io.longline.saver.journal.MysqlTopicReader;
import io.longline.saver.journal.MysqlTopicReader.Passed;
import io.longline.saver.topic.TopicConfig;
import java.util.ArrayList;
import java.util.List;

/** Restores the topics of a shard: the newest messages of their logs, and how far the endpoints of the shard are in whatever topics. */
public final class TopicRestore {
    private static final int FIXED_BYTES = 150;

    private final RestoreStore store;
    private final MysqlTopicReader reader;
    private final TopicConfig limits;

    public TopicRestore(RestoreStore store, MysqlTopicReader reader, TopicConfig limits) {
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
        List<Integer> restored = new ArrayList<>();
        // What is not above all that a log was ever given is left out: a batch behind one that failed would make the
        // failed one's messages such.
        RestoreSteps<TopicRow, Integer> messages = RestoreSteps.oneByOne(
                row -> FIXED_BYTES + row.message().size(),
                some -> store.topics(shard, some, limits, rebuild),
                restored::add);
        // One more than there is room for tells, as it leaves, that there were more.
        reader.messages(shard, extent, limits.messages() + 1, messages::add);
        messages.finish();
        return restored.stream().mapToInt(Integer::intValue).sum();
    }
}
