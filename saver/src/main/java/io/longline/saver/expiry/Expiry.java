package io.longline.saver.expiry;

import io.longline.keeper.error.LonglineException;
import io.longline.keeper.lease.Lease;
import io.longline.keeper.lease.LeasedLoop;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Shards;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.MessageEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks through inboxes in which something has expired. One that cannot be now is looked through a minute later. */
public final class Expiry implements LeasedLoop.Task {
    public static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(Expiry.class);
    private static final int MOST = 100;
    private static final Duration AGAIN = Duration.ofMinutes(1);
    /** Between two looks at one inbox. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Of one inbox: what is in MySQL alone comes back for it. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final RedisExpiry store;
    private final MessageEvents events;
    private final BiConsumer<Endpoint, Deadline> look;

    /**
     * Creates it.
     *
     * @param look drops what has expired of an inbox, and tells of it
     */
    public Expiry(RedisExpiry store, MessageEvents events, BiConsumer<Endpoint, Deadline> look) {
        this.store = store;
        this.events = events;
        this.look = look;
    }

    @Override
    public boolean due() {
        return events.isAnyTold();
    }

    @Override
    public void run(Lease lease) {
        List<CompletionStage<List<Endpoint>>> due = new ArrayList<>();
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            due.add(store.due(shard, MOST, AGAIN));
        }
        for (CompletionStage<List<Endpoint>> ofShard : due) {
            for (Endpoint endpoint : endpoints(ofShard)) {
                if (!lease.valid()) {
                    return;
                }
                lookThrough(endpoint);
            }
        }
    }

    private static List<Endpoint> endpoints(CompletionStage<List<Endpoint>> ofShard) {
        try {
            return RedisStore.await(ofShard, Deadline.after(PATIENCE));
        } catch (LonglineException e) {
            log.debug(
                    "what expired in a shard is told later error={}",
                    e.getMessage()); // it is rebuilt, or its node is away
            return List.of();
        }
    }

    private void lookThrough(Endpoint endpoint) {
        try {
            boolean isTold = events.isTold(endpoint.product());
            if (isTold) {
                look.accept(endpoint, Deadline.after(LOOK));
            }
            boolean _ = RedisStore.await(store.next(endpoint, isTold, PAUSE), Deadline.after(PATIENCE));
        } catch (LonglineException e) {
            log.debug("what expired is told later product={} error={}", endpoint.product(), e.getMessage());
        }
    }
}
