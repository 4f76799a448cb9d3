package io.longline.register.kick;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.KickReply;
import io.longline.rpc.v1.KickRequest;
import io.longline.rpc.v1.RoutesGrpc;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What {@code Routes} has of kicks, asked by centers for back ends. */
public final class KickGrpcService {
    private static final BatchMethod<KickRequest, KickReply> KICK =
            BatchMethod.of(RoutesGrpc.getKickMethod(), KickRequest.class, KickReply.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration LONGEST_BLOCK = Duration.ofDays(30);
    /** What the close frame of a WebSocket has room for. */
    private static final int LONGEST_REASON = 120;

    private static final String NO_REASON = "kicked";

    private final KickFlow flow;

    public KickGrpcService(KickFlow flow) {
        this.flow = flow;
    }

    public RpcService addTo(RpcService routes) {
        return routes.sideBySide(KICK, this::kick);
    }

    private KickReply kick(KickRequest request, Deadline deadline) {
        return switch (flow.kick(read(request), deadline)) {
            case KickOutcome.Kicked(int sessions) ->
                KickReply.newBuilder().setSessions(sessions).build();
            case KickOutcome.Unknown() ->
                KickReply.newBuilder().setUnknown(true).build();
            case KickOutcome.StreamFull() ->
                throw new LonglineException(
                                ErrorCode.OVERLOADED, "too many sessions wait for their end in this user's shard")
                        .retryAfter(RETRY_AFTER);
        };
    }

    private static Kick read(KickRequest request) {
        String device = request.getDevice();
        String job = request.getJob();
        return new Kick(
                Ids.requireProduct("product", request.getProduct()),
                Ids.require("user", request.getUser()),
                device.isEmpty() ? device : Ids.require("device", device),
                reason(request.getReason()),
                block(request.getBlockS()),
                job.isEmpty() ? job : Ids.require("job", job));
    }

    private static String reason(String reason) {
        int bytes = reason.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_REASON) {
            throw LonglineException.invalid("reason", "has " + bytes + " bytes, expected at most " + LONGEST_REASON);
        }
        return reason.isEmpty() ? NO_REASON : reason;
    }

    private static Duration block(int seconds) {
        Duration block = Duration.ofSeconds(Integer.toUnsignedLong(seconds));
        if (block.compareTo(LONGEST_BLOCK) > 0) {
            throw LonglineException.invalid(
                    "block_s", "is " + block.toSeconds() + ", expected at most " + LONGEST_BLOCK.toSeconds());
        }
        return block;
    }
}
