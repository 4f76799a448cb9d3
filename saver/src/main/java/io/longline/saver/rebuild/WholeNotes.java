package io.longline.saver.rebuild;

import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;

/** Notes every few seconds which shards are whole, so that a rebuild knows from when on Redis may have lost something. */
public final class WholeNotes implements LeasedLoop.Task {
    public static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final RedisStore redis;
    private final RestoreStore store;

    public WholeNotes(RedisStore redis, RedisRestore store) {
        this.redis = redis;
        this.store = store;
    }

    @Override
    public boolean due() {
        return redis.connected();
    }

    @Override
    public void run(Lease lease) {
        int _ = RedisStore.await(store.noteWhole(), Deadline.after(PATIENCE));
    }
}
