package io.longline.center.topic;

import com.google.protobuf.UnsafeByteOperations;
import io.longline.center.push.TopicPush;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.ClaimReply;
import io.longline.rpc.v1.ClaimRequest;
import io.longline.rpc.v1.MessagesGrpc;
import io.longline.rpc.v1.PublishReply;
import io.longline.rpc.v1.PublishRequest;
import io.longline.rpc.v1.RoomReach;
import io.longline.rpc.v1.SentReply;
import io.longline.rpc.v1.SentRequest;
import io.longline.rpc.v1.ToldReply;
import io.longline.rpc.v1.ToldRequest;
import io.longline.rpc.v1.TopicsGrpc;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has saver claim ids, append messages to the logs of topics, and keep how far the rooms know them. */
public final class TopicClient {
    private static final Logger log = LoggerFactory.getLogger(TopicClient.class);
    private static final BatchMethod<ClaimRequest, ClaimReply> CLAIM =
            BatchMethod.of(MessagesGrpc.getClaimMethod(), ClaimRequest.class, ClaimReply.class);
    private static final BatchMethod<PublishRequest, PublishReply> PUBLISH =
            BatchMethod.of(TopicsGrpc.getPublishMethod(), PublishRequest.class, PublishReply.class);
    private static final BatchMethod<ToldRequest, ToldReply> TOLD =
            BatchMethod.of(TopicsGrpc.getToldMethod(), ToldRequest.class, ToldReply.class);
    private static final BatchMethod<SentRequest, SentReply> SENT =
            BatchMethod.of(TopicsGrpc.getSentMethod(), SentRequest.class, SentReply.class);

    private final Peers savers;

    public TopicClient(Peers savers) {
        this.savers = savers;
    }

    /**
     * Claims the id that a back end chose; IDEMPOTENCY_CONFLICT where it was claimed for another body.
     *
     * @return whether nobody had claimed it before
     */
    boolean claim(TopicPush push, Deadline deadline) {
        return claim(push, false, deadline).getIsNew();
    }

    /** Whether the id has been claimed, which this does not do. IDEMPOTENCY_CONFLICT as above. */
    boolean isClaimed(TopicPush push, Deadline deadline) {
        return claim(push, true, deadline).getClaimedAtMs() != 0;
    }

    private ClaimReply claim(TopicPush push, boolean knownOnly, Deadline deadline) {
        ClaimRequest request = ClaimRequest.newBuilder()
                .setProduct(push.product())
                .setMessageId(push.messageId())
                .setBodyHash(UnsafeByteOperations.unsafeWrap(push.bodyHash()))
                .setKnownOnly(knownOnly)
                .addTargets(Wire.claimedForTopic(push.topic()))
                .build();
        return Unanswered.join(
                "saver", savers.call(Shards.key(push.product(), push.messageId()), CLAIM, request, deadline));
    }

    /**
     * Appends it; its time is the store's at that moment. What is there already when another saver was asked before may be that one's: it counts
     * as new.
     */
    Published publish(TopicPush push, Deadline deadline) {
        PublishRequest request = PublishRequest.newBuilder()
                .setProduct(push.product())
                .setTopic(push.topic())
                .setMessage(Wire.message(push.outgoing(0)))
                .build();
        return Unanswered.join(
                "saver",
                savers.call(
                        Shards.key(push.product(), push.topic()), PUBLISH, request, deadline, TopicClient::published));
    }

    private static Published published(PublishReply reply, boolean again) {
        return new Published(reply.getOffset(), reply.getBefore(), reply.getSentAtMs(), reply.getRepeated() && !again);
    }

    /**
     * Notes whom rooms have reached with the newest message of a topic that they were told of. Never fails: what saver does not hear, the
     * next round tells it.
     *
     * @param all every room knows how far the topic reaches
     * @return whether it was noted
     */
    CompletableFuture<Boolean> told(
            String product, String topic, long upto, Map<String, Reach> rooms, boolean all, Deadline deadline) {
        ToldRequest.Builder request = ToldRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setUpto(upto)
                .setAll(all);
        rooms.forEach((room, reach) -> request.putRooms(
                room,
                RoomReach.newBuilder()
                        .setFollowers(reach.followers())
                        .setWritten(reach.written())
                        .build()));
        return savers.call(Topics.key(product, topic), TOLD, request.build(), deadline)
                .handle((_, error) -> {
                    if (error != null) {
                        log.debug("not noted who was told topic={} upto={} error={}", topic, upto, error.getMessage());
                    }
                    return error == null;
                });
    }

    /** JOB_NOT_FOUND where this product has none of that id, or its message has left the log. */
    public Sent sent(String product, SendId id, Deadline deadline) {
        SentRequest request = SentRequest.newBuilder()
                .setProduct(product)
                .setShard(id.shard())
                .setOffset(id.offset())
                .build();
        SentReply reply = Unanswered.join("saver", savers.call(id.shard(), SENT, request, deadline));
        Map<String, Reach> rooms = new HashMap<>();
        reply.getRoomsMap().forEach((room, reach) -> rooms.put(room, reach(reach)));
        return new Sent(
                id,
                reply.getTopic(),
                reply.getMessageId(),
                reply.getSentAtMs(),
                reply.getExpiresAtMs(),
                reply.getTold(),
                rooms);
    }

    private static Reach reach(RoomReach reach) {
        return new Reach(reach.getFollowers(), reach.getWritten());
    }
}
