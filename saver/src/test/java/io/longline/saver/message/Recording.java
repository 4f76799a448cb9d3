package io.longline.saver.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.longline.keeper.redis.RedisStore;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Ends;
import io.longline.saver.inbox.Shard;
import io.longline.saver.testing.ToldProducts;
import java.util.List;

/** Records, for tests of other packages. */
public final class Recording {
    private final RedisRecords records;

    public Recording(RedisStore redis) {
        this.records = new RedisRecords(redis, Ends.UNCOUNTED, ToldProducts.nobody());
    }

    /** A message to one endpoint; {@code body} is what its id was claimed for, empty where nobody did. */
    public void record(MessageId id, String body, Endpoint endpoint) {
        RecordStore.Recorded message =
                new RecordStore.Recorded(1, "center-1", List.of(new Told(endpoint, 7)), List.of());
        if (Shard.await(records.record(id, body.getBytes(UTF_8), message)) == RecordOutcome.CONFLICT) {
            throw new AssertionError(id + " is another's");
        }
    }

    /** Claims it; whether that is told that it was recalled. */
    public boolean claimSaysRecalled(MessageId id, String body) {
        return Shard.await(records.claim(id, body.getBytes(UTF_8), List.of(), true))
                .recalled();
    }

    /** Records it without copies, likewise. */
    public boolean recordSaysRecalled(MessageId id, String body) {
        RecordStore.Recorded message = new RecordStore.Recorded(1, "center-1", List.of(), List.of());
        return Shard.await(records.record(id, body.getBytes(UTF_8), message)) == RecordOutcome.RECALLED;
    }

    public boolean isKnown(MessageId id) {
        return Shard.await(records.told(id)).isPresent();
    }
}
