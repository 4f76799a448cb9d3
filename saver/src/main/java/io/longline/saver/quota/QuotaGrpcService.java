package io.longline.saver.quota;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.GrantReply;
import io.longline.rpc.v1.GrantRequest;
import io.longline.rpc.v1.QuotasGrpc;
import io.longline.rpc.v1.SpendReply;
import io.longline.rpc.v1.SpendRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The service {@code Quotas}. */
public final class QuotaGrpcService {
    private final RedisQuota quotas;

    public QuotaGrpcService(RedisQuota quotas) {
        this.quotas = quotas;
    }

    public RpcService service() {
        return RpcService.of(QuotasGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(QuotasGrpc.getGrantMethod(), GrantRequest.class, GrantReply.class), this::grant)
                .sideBySide(
                        BatchMethod.of(QuotasGrpc.getSpendMethod(), SpendRequest.class, SpendReply.class), this::spend);
    }

    private GrantReply grant(GrantRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        if (request.getNeeded() < 1 || request.getWanted() < request.getNeeded()) {
            throw LonglineException.invalid(
                    "wanted", "is " + request.getWanted() + ", expected at least what is needed, and that 1 or more");
        }
        if (request.getRatePerS() < 1 && request.getDailyQuota() < 1) {
            throw LonglineException.invalid("rate_per_s", "is 0, expected it or daily_quota to be a limit");
        }
        Grant grant = await(
                deadline,
                () -> quotas.grant(
                        product,
                        request.getNeeded(),
                        request.getWanted(),
                        request.getRatePerS(),
                        request.getDailyQuota()));
        return GrantReply.newBuilder()
                .setGranted(grant.messages())
                .setRetryAfterMs(grant.retryMs())
                .setDayOver(grant.dayOver())
                .build();
    }

    private SpendReply spend(SpendRequest request, Deadline deadline) {
        String product = Ids.requireProduct("product", request.getProduct());
        String user = Ids.require("user", request.getUser());
        UserLimits limits = new UserLimits(
                request.getMessagesPerHour(),
                request.getBytesPerHour(),
                request.getMessagesPerDay(),
                request.getBytesPerDay());
        RedisQuota.Spent spent = await(deadline, () -> quotas.spend(product, user, request.getBytes(), limits));
        if (spent.limit() != UserLimit.NONE) {
            throw new LonglineException(
                            ErrorCode.USER_RATE_EXCEEDED,
                            "user " + user + " is over " + limits.of(spent.limit()) + " "
                                    + spent.limit().unit())
                    .retryAfter(Duration.ofMillis(spent.leftMs()));
        }
        return SpendReply.getDefaultInstance();
    }

    private static <T> T await(Deadline deadline, Supplier<CompletionStage<T>> call) {
        return RedisStore.await(RedisStore.within(deadline, call), deadline);
    }
}
