package io.longline.room.delivery;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Replies;
import io.longline.keeper.rpc.RpcService;
import io.longline.room.session.Hint;
import io.longline.room.session.HintOutcome;
import io.longline.rpc.v1.DeliveryGrpc;
import io.longline.rpc.v1.HandOverReply;
import io.longline.rpc.v1.HandOverRequest;
import io.longline.rpc.v1.HandOverResult;
import java.util.List;

/** Hints, as other services give them. */
public final class DeliveryGrpcService {
    private static final BatchMethod<HandOverRequest, HandOverReply> HAND_OVER =
            BatchMethod.of(DeliveryGrpc.getHandOverMethod(), HandOverRequest.class, HandOverReply.class);

    private final Delivery delivery;
    private final LostHints lostHints;

    public DeliveryGrpcService(Delivery delivery, LostHints lostHints) {
        this.delivery = delivery;
        this.lostHints = lostHints;
    }

    public RpcService service() {
        return RpcService.of(DeliveryGrpc.getServiceDescriptor()).inParts(HAND_OVER, this::handOver);
    }

    private void handOver(List<HandOverRequest> requests, Deadline deadline, Replies<HandOverReply> replies) {
        int lost = lostHints.take(requests.size());
        List<HandOver> hints =
                requests.stream().skip(lost).map(DeliveryGrpcService::fromRpc).toList();
        delivery.handOver(hints, (outcome, i) -> replies.put(lost + i, toRpc(outcome)));
        if (lost > 0) {
            LostHints.await(deadline);
            for (int i = 0; i < lost; i++) {
                replies.fail(i, LostHints.noAnswer());
            }
        }
    }

    private static HandOver fromRpc(HandOverRequest request) {
        return new HandOver(
                Messages.fromRpc(request.getPlace()),
                request.getGeneration(),
                new Hint(
                        request.getSeq(),
                        request.getBefore(),
                        request.hasMessage() ? Messages.fromRpc(request.getMessage()) : null));
    }

    private static HandOverReply toRpc(HintOutcome outcome) {
        HandOverReply.Builder reply = HandOverReply.newBuilder();
        return switch (outcome) {
            case HintOutcome.Written _ ->
                reply.setResult(HandOverResult.HAND_OVER_WRITTEN).build();
            case HintOutcome.Queued _, HintOutcome.AfterLoad _ ->
                reply.setResult(HandOverResult.HAND_OVER_QUEUED).build();
            case HintOutcome.Stale _ ->
                reply.setResult(HandOverResult.HAND_OVER_STALE).build();
            case HintOutcome.Refused refused ->
                reply.setResult(HandOverResult.HAND_OVER_REFUSED)
                        .setReason(refused.reason())
                        .build();
        };
    }
}
