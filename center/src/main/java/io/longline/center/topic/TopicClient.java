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
import io.longline.rpc.v1.RecallTopicReply;
import io.longline.rpc.v1.RecallTopicRequest;
import io.longline.rpc.v1.RecordReply;
import io.longline.rpc.v1.RecordRequest;
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
    private static final BatchMethod<RecordRequest, RecordReply> RECORD =
            BatchMethod.of(MessagesGrpc.getRecordMethod(), RecordRequest.class, RecordReply.class);
    private static final BatchMethod<RecallTopicRequest, RecallTopicReply> RECALL =
            BatchMethod.of(TopicsGrpc.getRecallMethod(), RecallTopicRequest.class, RecallTopicReply.class);
    private static final BatchMethod<ToldRequest, ToldReply> TOLD =
            BatchMethod.of(TopicsGrpc.getToldMethod(), ToldRequest.class, ToldReply.class);
    private static final BatchMethod<SentRequest, SentReply> SENT =
            BatchMethod.of(TopicsGrpc.getSentMethod(), SentRequest.class, SentReply.class);

    private final Peers savers;
    private final String node;

    /** @param node the name of this center, which accepts sends */
    public TopicClient(Peers savers, String node) {
        this.savers = savers;
        this.node = node;
    }

    /**
     * Claims the id that a back end chose; IDEMPOTENCY_CONFLICT where it was claimed for another body.
     *
     */
    Claim claim(TopicPush push, Deadline deadline) {
        ClaimReply reply = claim(push, false, deadline);
        return new Claim(reply.getIsNew(), reply.getRecalled());
    }

    /**
     * What is known of an id that was claimed.
     *
     * @param isNew nobody had claimed it before
     * @param recalled nobody is to be sent it
     */
    record Claim(boolean isNew, boolean recalled) {}

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

    /** Has its record say where it stands. Never fails: what saver does not hear, nobody finds by its id. Completes with whether it was noted. */
    CompletableFuture<Boolean> record(TopicPush push, Published published, Deadline deadline) {
        RecordRequest.Builder request = record(push.product(), push.topic(), push.messageId(), published.offset())
                .setNode(node)
                .setAcceptedAtMs(published.sentAtMs());
        if (push.idGiven()) {
            request.setBodyHash(UnsafeByteOperations.unsafeWrap(push.bodyHash()));
        }
        return savers.call(Shards.key(push.product(), push.messageId()), RECORD, request.build(), deadline)
                .handle((_, error) -> {
                    if (error != null) {
                        log.debug("no record message_id={} error={}", push.messageId(), error.getMessage());
                    }
                    return error == null;
                });
    }

    private static RecordRequest.Builder record(String product, String topic, String messageId, long offset) {
        return RecordRequest.newBuilder()
                .setProduct(product)
                .setMessageId(messageId)
                .setTopic(topic)
                .setTopicOffset(offset)
                .addTold(Wire.claimedForTopic(topic));
    }

    /** Has the record, if there is one, say where a message stood that is recalled. */
    public void recordRecall(String product, String topic, String messageId, long offset, Deadline deadline) {
        RecordRequest request =
                record(product, topic, messageId, offset).setKnownOnly(true).build();
        RecordReply _ =
                Unanswered.join("saver", savers.call(Shards.key(product, messageId), RECORD, request, deadline));
    }

    /** Takes it out of the log for good, or sees to it that it never comes there; answers its offset. Safe to repeat. */
    public long recall(String product, String topic, String messageId, Deadline deadline) {
        RecallTopicRequest request = RecallTopicRequest.newBuilder()
                .setProduct(product)
                .setTopic(topic)
                .setMessageId(messageId)
                .build();
        return Unanswered.join("saver", savers.call(Topics.key(product, topic), RECALL, request, deadline))
                .getOffset();
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
                rooms,
                reply.getRecalled());
    }

    private static Reach reach(RoomReach reach) {
        return new Reach(reach.getFollowers(), reach.getWritten());
    }
}
