package io.longline.center.message;

import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.LookReply;
import io.longline.rpc.v1.LookRequest;
import io.longline.rpc.v1.MessagesGrpc;

/** Asks saver what became of messages. */
public final class MessageClient {
    private static final BatchMethod<LookRequest, LookReply> LOOK =
            BatchMethod.of(MessagesGrpc.getLookMethod(), LookRequest.class, LookReply.class);

    private final Peers savers;

    public MessageClient(Peers savers) {
        this.savers = savers;
    }

    /** MESSAGE_NOT_FOUND where this product has none of that id. */
    public MessageAnswer look(String product, String messageId, Deadline deadline) {
        LookRequest request = LookRequest.newBuilder()
                .setProduct(product)
                .setMessageId(messageId)
                .build();
        try {
            LookReply reply = savers.await(Shards.key(product, messageId), LOOK, request, deadline);
            return new MessageAnswer(
                    messageId, reply.getCopiesList().stream().map(Wire::result).toList());
        } catch (LonglineException e) {
            throw Unanswered.by("saver", e);
        }
    }
}
