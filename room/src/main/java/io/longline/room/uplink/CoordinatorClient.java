package io.longline.room.uplink;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.room.delivery.Messages;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import io.longline.rpc.v1.BringReply;
import io.longline.rpc.v1.BringRequest;
import io.longline.rpc.v1.UplinksGrpc;
import io.longline.v1.Uplink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** {@link Coordinators} over gRPC: the one to which the user's shard belongs, which also carries it on. */
public final class CoordinatorClient implements Coordinators {
    private static final BatchMethod<BringRequest, BringReply> BRING =
            BatchMethod.of(UplinksGrpc.getBringMethod(), BringRequest.class, BringReply.class);

    private final Peers coordinators;
    private final Duration answerWait;

    /** @param answerWait as long as the store may be away before that is an answer */
    public CoordinatorClient(Peers coordinators, Duration answerWait) {
        this.coordinators = coordinators;
        this.answerWait = answerWait;
    }

    @Override
    public CompletableFuture<Void> bring(Session session, Place place, Uplink uplink) {
        BringRequest.Builder request = BringRequest.newBuilder()
                .setEndpoint(Messages.toRpc(session.endpoint()))
                .setGeneration(session.generation())
                .setPlace(Messages.toRpc(place))
                .setType(uplink.getType())
                .setUplinkId(uplink.getId());
        if (uplink.hasText()) {
            request.setTextBytes(uplink.getTextBytes());
        } else {
            request.setData(uplink.getData());
        }
        return coordinators
                .call(session.endpoint().key(), BRING, request.build(), Deadline.after(answerWait))
                .thenAccept(_ -> {});
    }
}
