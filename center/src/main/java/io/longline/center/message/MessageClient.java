package io.longline.center.message;

import io.longline.center.endpoint.Endpoint;
import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.LookReply;
import io.longline.rpc.v1.LookRequest;
import io.longline.rpc.v1.MessagesGrpc;
import io.longline.rpc.v1.RecordReply;
import io.longline.rpc.v1.RecordRequest;
import io.longline.rpc.v1.SettleReply;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.TimelineEntry;
import io.longline.rpc.v1.TimelineReply;
import io.longline.rpc.v1.TimelineRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks saver what became of messages and how, and has it recall them. */
public final class MessageClient {
    private static final BatchMethod<LookRequest, LookReply> LOOK =
            BatchMethod.of(MessagesGrpc.getLookMethod(), LookRequest.class, LookReply.class);
    private static final BatchMethod<RecordRequest, RecordReply> RECORD =
            BatchMethod.of(MessagesGrpc.getRecordMethod(), RecordRequest.class, RecordReply.class);
    private static final BatchMethod<SettleRequest, SettleReply> SETTLE =
            BatchMethod.of(InboxesGrpc.getSettleMethod(), SettleRequest.class, SettleReply.class);
    private static final BatchMethod<TimelineRequest, TimelineReply> TIMELINE =
            BatchMethod.of(MessagesGrpc.getTimelineMethod(), TimelineRequest.class, TimelineReply.class);

    private final Peers savers;
    private final String node;

    /** @param node the name of this center, which stands in what it recalls */
    public MessageClient(Peers savers, String node) {
        this.savers = savers;
        this.node = node;
    }

    /** MESSAGE_NOT_FOUND where this product has none of that id. */
    public MessageAnswer look(String product, String messageId, Deadline deadline) {
        LookRequest request = LookRequest.newBuilder()
                .setProduct(product)
                .setMessageId(messageId)
                .build();
        try {
            LookReply reply = savers.await(Shards.key(product, messageId), LOOK, request, deadline);
            TopicPlace topic = topic(reply);
            return new MessageAnswer(
                    messageId,
                    reply.getCopiesList().stream().map(Wire::result).toList(),
                    reply.getPartialList().stream().map(Wire::result).toList(),
                    reply.getRecalled(),
                    topic == null
                            ? reply.getClaimedList().stream().map(Wire::target).toList()
                            : List.of(),
                    topic);
        } catch (LonglineException e) {
            throw Unanswered.by("saver", e);
        }
    }

    /** Saver tells of a claim without a record only where somebody has tried to recall it. */
    private static @Nullable TopicPlace topic(LookReply reply) {
        return reply.getTopic().isEmpty()
                ? reply.getClaimedList().stream()
                        .flatMap(claimed -> Wire.topic(claimed).stream())
                        .findFirst()
                        .map(topic -> new TopicPlace(topic, 0))
                        .orElse(null)
                : new TopicPlace(reply.getTopic(), reply.getTopicOffset());
    }

    /** How it got where it is; MESSAGE_NOT_FOUND as above. */
    Timeline timeline(String product, String messageId, Deadline deadline) {
        TimelineRequest request = TimelineRequest.newBuilder()
                .setProduct(product)
                .setMessageId(messageId)
                .build();
        try {
            TimelineReply reply = savers.await(Shards.key(product, messageId), TIMELINE, request, deadline);
            return new Timeline(
                    messageId,
                    reply.getEntriesList().stream()
                            .flatMap(entry -> Wire.stage(entry.getStage()).map(name -> entry(name, entry)).stream())
                            .toList());
        } catch (LonglineException e) {
            throw Unanswered.by("saver", e);
        }
    }

    private static Timeline.Entry entry(String stage, TimelineEntry entry) {
        return new Timeline.Entry(
                stage, entry.getAtMs(), entry.getNode(), entry.getUser(), entry.getDevice(), entry.getReason());
    }

    /** Every copy of the message that nobody was sent; returns when none of them will be. */
    public void recall(String product, MessageAnswer message, Deadline deadline) {
        CompletableFuture<?>[] recalled = Stream.concat(message.results().stream(), message.partial().stream())
                .filter(copy -> copy.status().isOpen() && !copy.isWithoutCopy())
                .map(copy -> recall(product, message.messageId(), copy, deadline))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(recalled).join();
        } catch (CompletionException e) {
            throw Unanswered.by("saver", e);
        }
    }

    private CompletableFuture<SettleReply> recall(
            String product, String messageId, EndpointResult copy, Deadline deadline) {
        return recall(new Endpoint(product, copy.user(), copy.device()), copy.seq(), messageId, deadline);
    }

    /** Whatever copy is there, if nobody was sent it. */
    public CompletableFuture<?> recallAt(Endpoint endpoint, String messageId, Deadline deadline) {
        return recall(endpoint, 0, messageId, deadline);
    }

    private CompletableFuture<SettleReply> recall(Endpoint endpoint, long seq, String messageId, Deadline deadline) {
        return settle(endpoint, Wire.recall(endpoint, seq, messageId, node), deadline);
    }

    /** Likewise, and what comes there later is refused. Answers the copy as it is then; empty: there never was one. */
    public CompletableFuture<Optional<EndpointResult>> refuseAt(
            Endpoint endpoint, String messageId, Deadline deadline) {
        return settle(endpoint, Wire.refuse(endpoint, messageId, node), deadline)
                .thenApply(reply -> reply.getSeq() == 0
                        ? Optional.empty()
                        : Optional.of(new EndpointResult(
                                endpoint.user(),
                                reply.getDevice(),
                                Wire.status(reply.getState()),
                                null,
                                reply.getSeq())));
    }

    private CompletableFuture<SettleReply> settle(Endpoint endpoint, SettleRequest request, Deadline deadline) {
        return savers.call(Shards.key(endpoint.product(), endpoint.user()), SETTLE, request, deadline);
    }

    /**
     * Records what a recall found of a claim.
     *
     * @param told targets that the copies are at
     * @param never targets that had none, and will have none
     */
    public void recordRecall(
            String product,
            String messageId,
            List<EndpointResult> copies,
            List<Target> told,
            List<Target> never,
            Deadline deadline) {
        RecordRequest request = RecordRequest.newBuilder()
                .setProduct(product)
                .setMessageId(messageId)
                .setKnownOnly(true)
                .addAllCopies(copies.stream().map(Wire::copy).toList())
                .addAllTold(told.stream().map(Wire::claimed).toList())
                .addAllNever(never.stream().map(Wire::claimed).toList())
                .build();
        try {
            RecordReply _ = savers.await(Shards.key(product, messageId), RECORD, request, deadline);
        } catch (LonglineException e) {
            throw Unanswered.by("saver", e);
        }
    }
}
