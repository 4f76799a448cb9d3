package io.longline.coordinator.uplink;

import com.google.protobuf.ByteString;
import io.longline.coordinator.outbox.OutboxConfig;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.Locale;

/** Keeps uplinks of type {@code order}, for tests of what becomes of them. */
public final class KeptUplinks {
    private final UplinkStore store;

    /** At most two of a stream may wait that nobody takes. */
    public KeptUplinks(RedisStore redis) {
        this(redis, new OutboxConfig.Limits(1_000, 1_000, 1 << 20));
    }

    /** Likewise; of others as many as that. */
    public KeptUplinks(RedisStore redis, OutboxConfig.Limits limits) {
        this.store = new RedisUplinks(
                redis,
                limits,
                new UplinkConfig(Duration.ofHours(1), new UplinkConfig.Unclaimed(1, 2, 1_000), RedisRepliesIT.CONFIG));
    }

    /** What became of it, in lower case. */
    public String keep(String product, String user, String id, boolean hasCallback) {
        return keep(product, user, id, ByteString.copyFromUtf8("says " + id), hasCallback);
    }

    public String keep(String product, String user, String id, ByteString payload, boolean hasCallback) {
        Uplink.Sender sender = new Uplink.Sender(product, user, "phone", 41, new Uplink.Place("room-1", 7, 1, 2, 3));
        Uplink uplink = new Uplink(sender, "order", id, true, payload);
        return RedisStore.await(store.keep(uplink, hasCallback, 0), Deadline.after(Duration.ofSeconds(10)))
                .name()
                .toLowerCase(Locale.ROOT);
    }
}
