package io.longline.coordinator.uplink;

import com.google.protobuf.ByteString;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Replies;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BringReply;
import io.longline.rpc.v1.BringRequest;
import io.longline.rpc.v1.UplinksGrpc;
import java.util.ArrayList;
import java.util.List;

/** Where rooms bring uplinks. */
public final class UplinkGrpcService {
    private final UplinkIntake intake;

    public UplinkGrpcService(UplinkIntake intake) {
        this.intake = intake;
    }

    public RpcService service() {
        return RpcService.of(UplinksGrpc.getServiceDescriptor())
                .inParts(
                        BatchMethod.of(UplinksGrpc.getBringMethod(), BringRequest.class, BringReply.class),
                        this::bring);
    }

    private void bring(List<BringRequest> requests, Deadline deadline, Replies<BringReply> replies) {
        List<Uplink> uplinks = new ArrayList<>();
        List<Integer> at = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            try {
                uplinks.add(uplink(requests.get(i)));
                at.add(i);
            } catch (LonglineException e) {
                replies.put(
                        i,
                        BringReply.newBuilder()
                                .setError(ErrorTranslator.toStatus(e))
                                .build());
            }
        }
        List<UplinkIntake.Answer> answers = intake.take(uplinks, deadline);
        for (int i = 0; i < answers.size(); i++) {
            replies.put(at.get(i), reply(answers.get(i)));
        }
    }

    private static BringReply reply(UplinkIntake.Answer answer) {
        BringReply.Builder reply = BringReply.newBuilder().setRepeated(answer.repeated());
        answer.error().ifPresent(error -> reply.setError(ErrorTranslator.toStatus(error)));
        return reply.build();
    }

    private static Uplink uplink(BringRequest request) {
        boolean isText = request.hasText();
        ByteString payload = isText ? request.getTextBytes() : request.getData();
        Uplink.Sender sender = new Uplink.Sender(
                Ids.requireProduct("endpoint.product", request.getEndpoint().getProduct()),
                Ids.require("endpoint.user", request.getEndpoint().getUser()),
                Ids.require("endpoint.device", request.getEndpoint().getDevice()),
                request.getGeneration(),
                new Uplink.Place(
                        request.getPlace().getRoom(),
                        request.getPlace().getIncarnation(),
                        request.getPlace().getLoop(),
                        request.getPlace().getSlot(),
                        request.getPlace().getSlotGeneration()));
        return new Uplink(
                sender,
                Ids.require("type", request.getType()),
                Ids.require("uplink_id", request.getUplinkId()),
                isText,
                payload);
    }
}
