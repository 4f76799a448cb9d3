package io.longline.center.sweep;

import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.UnsentReply;
import io.longline.rpc.v1.UnsentRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks saver for the endpoints whose hints may have been lost, the oldest first, in pages. */
public final class UnsentClient {
    private static final BatchMethod<UnsentRequest, UnsentReply> UNSENT =
            BatchMethod.of(InboxesGrpc.getUnsentMethod(), UnsentRequest.class, UnsentReply.class);
    static final int PAGE = 500;

    private final Peers savers;

    public UnsentClient(Peers savers) {
        this.savers = savers;
    }

    /**
     * A page of each shard that answered.
     *
     * @param next where the next page of a shard begins; shards that have no more are not in it
     */
    record Page(List<Unsent> endpoints, Map<Integer, Long> next) {}

    /** @param from the seq at which the page of each shard begins; throws only if no shard answers */
    Page page(Map<Integer, Long> from, Duration olderThan, Deadline deadline) {
        Map<Integer, CompletableFuture<UnsentReply>> asked = new HashMap<>();
        from.forEach(
                (shard, seq) -> asked.put(shard, savers.call(shard, UNSENT, request(shard, olderThan, seq), deadline)));
        Page page = new Page(new ArrayList<>(), new HashMap<>());
        LonglineException failure = null;
        int failed = 0;
        for (Map.Entry<Integer, CompletableFuture<UnsentReply>> shard : asked.entrySet()) {
            try {
                add(shard.getKey(), shard.getValue().join(), page);
            } catch (CompletionException e) {
                failure = Unanswered.by("saver", e);
                failed++;
            }
        }
        if (failure != null && failed == asked.size()) {
            throw failure;
        }
        return page;
    }

    private static void add(int shard, UnsentReply reply, Page page) {
        reply.getEndpointsList()
                .forEach(unsent ->
                        page.endpoints().add(new Unsent(Wire.endpoint(unsent.getEndpoint()), unsent.getSeq())));
        int count = reply.getEndpointsCount();
        if (count >= PAGE) {
            long first = reply.getEndpoints(0).getSeq();
            long last = reply.getEndpoints(count - 1).getSeq();
            // Two users may have one seq, so the last one is looked at again; unless it is all there was.
            page.next().put(shard, first == last ? last + 1 : last);
        }
    }

    private static UnsentRequest request(int shard, Duration olderThan, long from) {
        return UnsentRequest.newBuilder()
                .setShard(shard)
                .setOlderThanMs((int) olderThan.toMillis())
                .setLimit(PAGE)
                .setFromSeq(from)
                .build();
    }
}
