package io.longline.saver.backlog;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.shard.Shards;
import java.util.regex.Pattern;

/** What waits of one kind of a product in a shard. */
record BacklogStream(int shard, String product, String kind) {
    private static final Pattern KIND = Pattern.compile("[!-.0-~]{1,160}");

    BacklogStream {
        requireShard("stream.shard", shard);
        Ids.requireProduct("stream.product", product);
        if (!KIND.matcher(kind).matches()) {
            throw LonglineException.invalid(
                    "stream.kind",
                    "has " + kind.length() + " characters, expected printable ASCII without space and slash, " + KIND);
        }
    }

    static int requireShard(String field, int shard) {
        if (shard < 0 || shard >= Shards.COUNT) {
            throw LonglineException.invalid(field, "is " + shard + ", expected 0 to " + (Shards.COUNT - 1));
        }
        return shard;
    }
}
