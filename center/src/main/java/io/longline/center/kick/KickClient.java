package io.longline.center.kick;

import io.longline.center.job.JobKick;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.KickReply;
import io.longline.rpc.v1.KickRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Has register end sessions, and refuse new ones for a time. */
public final class KickClient {
    private static final BatchMethod<KickRequest, KickReply> KICK =
            BatchMethod.of(RoutesGrpc.getKickMethod(), KickRequest.class, KickReply.class);

    private final Peers registers;

    public KickClient(Peers registers) {
        this.registers = registers;
    }

    /**
     * Asks for one user.
     *
     * @param device null: all of the user's
     * @param job that it is of, for which a user is kicked once; "": it is of none
     * @return how many sessions end; empty: the user was never seen
     */
    public CompletableFuture<OptionalInt> kick(
            String product, String user, @Nullable String device, JobKick kick, String job, Deadline deadline) {
        KickRequest request = KickRequest.newBuilder()
                .setProduct(product)
                .setUser(user)
                .setDevice(device == null ? "" : device)
                .setReason(kick.reason())
                .setBlockS(kick.blockS())
                .setJob(job)
                .build();
        return registers
                .call(Shards.key(product, user), KICK, request, deadline)
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(understood(error)))
                .thenApply(reply -> reply.getUnknown() ? OptionalInt.empty() : OptionalInt.of(reply.getSessions()));
    }

    private static LonglineException understood(Throwable error) {
        LonglineException known = ErrorTranslator.fromAny(error);
        return known.code() == ErrorCode.METHOD_NOT_ALLOWED
                ? LonglineException.dependencyDown(
                        "register", "register is of an earlier release and kicks nobody", known)
                : known;
    }
}
