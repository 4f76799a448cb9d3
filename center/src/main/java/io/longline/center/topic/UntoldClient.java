package io.longline.center.topic;

import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.TopicsGrpc;
import io.longline.rpc.v1.UntoldReply;
import io.longline.rpc.v1.UntoldRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/** Asks saver for the topics of which not every room may know how far they reach. */
public final class UntoldClient {
    private static final BatchMethod<UntoldRequest, UntoldReply> UNTOLD =
            BatchMethod.of(TopicsGrpc.getUntoldMethod(), UntoldRequest.class, UntoldReply.class);

    private final Peers savers;

    public UntoldClient(Peers savers) {
        this.savers = savers;
    }

    /** Of each shard that answers those that wait longest, at most so many; throws only if none answers. */
    List<Untold> all(Duration olderThan, int limitOfShard, Deadline deadline) {
        List<CompletableFuture<UntoldReply>> asked = IntStream.range(0, Shards.COUNT)
                .mapToObj(shard -> savers.call(shard, UNTOLD, request(shard, olderThan, limitOfShard), deadline))
                .toList();
        List<Untold> found = new ArrayList<>();
        LonglineException failure = null;
        int failed = 0;
        for (CompletableFuture<UntoldReply> shard : asked) {
            try {
                shard.join()
                        .getTopicsList()
                        .forEach(one -> found.add(new Untold(one.getProduct(), one.getTopic(), one.getOffset())));
            } catch (CompletionException e) {
                failure = Unanswered.by("saver", e);
                failed++;
            }
        }
        if (failure != null && failed == asked.size()) {
            throw failure;
        }
        return found;
    }

    private static UntoldRequest request(int shard, Duration olderThan, int limit) {
        return UntoldRequest.newBuilder()
                .setShard(shard)
                .setOlderThanMs((int) olderThan.toMillis())
                .setLimit(limit)
                .build();
    }
}
