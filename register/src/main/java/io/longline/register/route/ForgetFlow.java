package io.longline.register.route;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.shard.Seqs;
import io.longline.register.RegisterMetrics;
import io.longline.register.endpoint.Endpoint;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Forgets devices, for back ends and because they were not seen for long: their routes go and what they follow, then the journal is told, then their inboxes, and then nothing is left of them. Where it
 * fails on the way, they stay as being forgotten, and the next call for them goes on.
 */
public final class ForgetFlow {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final String DEFAULT_DEVICE = "default";

    private final RouteIndex index;
    private final LostShardPolicy lostShards;
    private final SaverClient saver;
    private final RegisterMetrics metrics;

    public ForgetFlow(RouteIndex index, LostShardPolicy lostShards, SaverClient saver, RegisterMetrics metrics) {
        this.index = index;
        this.lostShards = lostShards;
        this.saver = saver;
        this.metrics = metrics;
    }

    /**
     * What a back end is told.
     *
     * @param dropped messages that waited for the devices
     */
    record Forgotten(Forgetting devices, long dropped) {}

    /**
     * @param device empty: all of the user's, and what waits for {@code default}
     * @param upto the generation that the user's devices were answered with when this was asked for: what came since stays
     */
    Forgotten forget(String product, String user, Optional<String> device, OptionalLong upto, Deadline deadline) {
        Forgetting forgetting = began(() -> index.forget(product, user, device, upto), deadline);
        Set<String> inboxes = new LinkedHashSet<>(forgetting.devices());
        if (device.isEmpty()) {
            inboxes.add(DEFAULT_DEVICE);
        }
        return finish(product, user, forgetting, inboxes, deadline);
    }

    /** Those devices of a user that are not connected and were not seen for so long, with their inboxes; answers how many. */
    public int forgetUnseen(String product, String user, Duration unseen, Deadline deadline) {
        Forgetting forgetting = began(() -> index.forgetUnseen(product, user, unseen), deadline);
        if (!forgetting.devices().isEmpty()) {
            finish(product, user, forgetting, Set.copyOf(forgetting.devices()), deadline);
        }
        return forgetting.known();
    }

    private Forgetting began(Supplier<CompletionStage<Optional<Forgetting>>> forget, Deadline deadline) {
        return lostShards
                .ask(forget, deadline)
                .orElseThrow(() -> new LonglineException(
                                ErrorCode.OVERLOADED, "too many sessions wait for their end in this user's shard")
                        .retryAfter(RETRY_AFTER));
    }

    private Forgotten finish(
            String product, String user, Forgetting forgetting, Set<String> inboxes, Deadline deadline) {
        for (String device : forgetting.devices()) {
            saver.forgotten(new Endpoint(product, user, device), forgetting.generation(), deadline);
        }
        saver.follows(forgetting.unfollowed(), deadline);
        long uptoSeq = Seqs.lastOf(forgetting.atMs()); // what is stored later is not meant
        long dropped = 0;
        for (String device : inboxes) {
            dropped += saver.dropInbox(new Endpoint(product, user, device), uptoSeq, false, deadline);
        }
        for (String device : forgetting.back()) {
            dropped += saver.dropInbox(new Endpoint(product, user, device), uptoSeq, true, deadline);
        }
        lostShards.ask(() -> index.forgotten(product, user, forgetting.generation(), forgetting.devices()), deadline);
        metrics.forgotten(forgetting);
        return new Forgotten(forgetting, dropped);
    }
}
