package io.longline.center.sweep;

import io.longline.center.wire.Wire;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.UnsentReply;
import io.longline.rpc.v1.UnsentRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Asks saver for the endpoints whose hints may have been lost. */
public final class UnsentClient {
    private static final BatchMethod<UnsentRequest, UnsentReply> UNSENT =
            BatchMethod.of(InboxesGrpc.getUnsentMethod(), UnsentRequest.class, UnsentReply.class);
    private static final int PER_SHARD = 500;

    private final Peers savers;

    public UnsentClient(Peers savers) {
        this.savers = savers;
    }

    /** Of all shards that answer; throws only if none does. */
    List<Unsent> unsent(Duration olderThan, Deadline deadline) {
        List<CompletableFuture<UnsentReply>> asked = new ArrayList<>();
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            asked.add(savers.call(shard, UNSENT, request(shard, olderThan), deadline));
        }
        List<Unsent> found = new ArrayList<>();
        LonglineException failure = null;
        int failed = 0;
        for (CompletableFuture<UnsentReply> reply : asked) {
            try {
                reply.join()
                        .getEndpointsList()
                        .forEach(unsent -> found.add(new Unsent(Wire.endpoint(unsent.getEndpoint()), unsent.getSeq())));
            } catch (CompletionException e) {
                failure = ErrorTranslator.fromAny(e);
                failed++;
            }
        }
        throwIfAll(failed, failure);
        return found;
    }

    private static void throwIfAll(int failed, @Nullable LonglineException failure) {
        if (failure != null && failed == Shards.COUNT) {
            throw failure;
        }
    }

    private static UnsentRequest request(int shard, Duration olderThan) {
        return UnsentRequest.newBuilder()
                .setShard(shard)
                .setOlderThanMs((int) olderThan.toMillis())
                .setLimit(PER_SHARD)
                .build();
    }
}
