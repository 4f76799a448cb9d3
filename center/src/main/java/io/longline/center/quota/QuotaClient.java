package io.longline.center.quota;

import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.product.SendLimits;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.GrantReply;
import io.longline.rpc.v1.GrantRequest;
import io.longline.rpc.v1.QuotasGrpc;
import io.longline.rpc.v1.SpendReply;
import io.longline.rpc.v1.SpendRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks saver, which counts for all centers. */
public final class QuotaClient {
    private static final Logger log = LoggerFactory.getLogger(QuotaClient.class);
    private static final BatchMethod<GrantRequest, GrantReply> GRANT =
            BatchMethod.of(QuotasGrpc.getGrantMethod(), GrantRequest.class, GrantReply.class);
    private static final BatchMethod<SpendRequest, SpendReply> SPEND =
            BatchMethod.of(QuotasGrpc.getSpendMethod(), SpendRequest.class, SpendReply.class);

    private final Peers savers;

    public QuotaClient(Peers savers) {
        this.savers = savers;
    }

    /**
     * Waits for messages of a product.
     *
     * @param needed all of these or none
     * @param wanted these, and more ahead
     */
    GrantOutcome grant(String product, long needed, long wanted, SendLimits limits, Deadline deadline) {
        GrantRequest request = GrantRequest.newBuilder()
                .setProduct(product)
                .setNeeded(needed)
                .setWanted(wanted)
                .setRatePerS(limits.ratePerS())
                .setDailyQuota(limits.dailyQuota())
                .build();
        try {
            GrantReply reply = savers.await(Shards.key(product), GRANT, request, deadline);
            return reply.getGranted() > 0
                    ? new GrantOutcome.Granted(reply.getGranted())
                    : new GrantOutcome.Over(
                            reply.getDayOver() ? Quota.DAY : Quota.RATE, Duration.ofMillis(reply.getRetryAfterMs()));
        } catch (LonglineException e) {
            log.debug("no grant product={} error={}", product, e.getMessage());
            return new GrantOutcome.Unanswered();
        }
    }

    /** Counts a push for its users, and waits. The targets that it may not be sent to, with the reason; those are not counted. */
    Map<Target, LonglineException> spend(Push push, SendLimits limits, Deadline deadline) {
        SpendRequest.Builder request = SpendRequest.newBuilder()
                .setProduct(push.product())
                .setBytes(push.payload().size())
                .setMessagesPerHour(limits.userMessagesPerHour())
                .setMessagesPerDay(limits.userMessagesPerDay())
                .setBytesPerHour(limits.userBytesPerHour())
                .setBytesPerDay(limits.userBytesPerDay());
        List<CompletableFuture<SpendReply>> asked = push.targets().stream()
                .map(target -> savers.call(
                        Shards.key(push.product(), target.user()),
                        SPEND,
                        request.setUser(target.user()).build(),
                        deadline))
                .toList();
        Map<Target, LonglineException> refused = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            try {
                SpendReply _ = asked.get(i).join();
            } catch (CompletionException e) {
                refused.put(push.targets().get(i), Unanswered.by("saver", e));
            }
        }
        return refused;
    }
}
