package io.longline.center.unicast;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.longline.center.endpoint.Endpoint;
import io.longline.center.push.Outgoing;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.result.Status;
import io.longline.center.wire.Unanswered;
import io.longline.center.wire.Wire;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.ClaimReply;
import io.longline.rpc.v1.ClaimRequest;
import io.longline.rpc.v1.ClaimedTarget;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.InboxesGrpc;
import io.longline.rpc.v1.Message;
import io.longline.rpc.v1.MessagesGrpc;
import io.longline.rpc.v1.RecordReply;
import io.longline.rpc.v1.RecordRequest;
import io.longline.rpc.v1.SettleReply;
import io.longline.rpc.v1.SettleRequest;
import io.longline.rpc.v1.StoreReply;
import io.longline.rpc.v1.StoreRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has saver claim ids, store copies, and keep what became of them. */
public final class SaverClient {
    private static final Logger log = LoggerFactory.getLogger(SaverClient.class);
    private static final BatchMethod<ClaimRequest, ClaimReply> CLAIM =
            BatchMethod.of(MessagesGrpc.getClaimMethod(), ClaimRequest.class, ClaimReply.class);
    private static final BatchMethod<StoreRequest, StoreReply> STORE =
            BatchMethod.of(InboxesGrpc.getStoreMethod(), StoreRequest.class, StoreReply.class);
    private static final BatchMethod<RecordRequest, RecordReply> RECORD =
            BatchMethod.of(MessagesGrpc.getRecordMethod(), RecordRequest.class, RecordReply.class);
    private static final BatchMethod<SettleRequest, SettleReply> SETTLE =
            BatchMethod.of(InboxesGrpc.getSettleMethod(), SettleRequest.class, SettleReply.class);
    /** For what nobody waits for; it may outlive the request that it came from. */
    private static final Duration BACKGROUND = Duration.ofSeconds(2);

    private final Peers savers;
    private final String node;

    /** @param node the name of this center, which stands in what it had done */
    public SaverClient(Peers savers, String node) {
        this.savers = savers;
        this.node = node;
    }

    /**
     * The claim of an id that a back end chose.
     *
     * @param recorded it was answered before; neither new nor recorded: whoever claimed it did not finish, and it is to be run again
     * @param claimedAtMs when it was claimed first
     * @param recalled since: it is to be sent to nobody more
     * @param chosen by user, the device that was chosen of those that the user has
     */
    record Claim(boolean isNew, boolean recorded, long claimedAtMs, boolean recalled, Map<String, String> chosen) {}

    /** IDEMPOTENCY_CONFLICT where the id was claimed for another body. */
    Claim claim(Push push, Deadline deadline) {
        return claim(push, push.targets().stream().map(Wire::claimed).toList(), deadline);
    }

    /**
     * Claims it again, for the devices that are chosen of those that these users have.
     *
     * @return by user, the device that was chosen first; a saver of an earlier release does not tell
     */
    Map<String, String> choose(Push push, Map<Target, String> devices, Deadline deadline) {
        List<ClaimedTarget> targets = devices.entrySet().stream()
                .map(one -> Wire.claimed(one.getKey()).toBuilder()
                        .setChosen(one.getValue())
                        .build())
                .toList();
        return claim(push, targets, deadline).chosen();
    }

    private Claim claim(Push push, List<ClaimedTarget> targets, Deadline deadline) {
        ClaimReply reply = claim(push, targets, false, deadline);
        Map<String, String> chosen = reply.getChosenList().stream()
                .collect(Collectors.toMap(ClaimedTarget::getUser, ClaimedTarget::getChosen, (first, _) -> first));
        return new Claim(reply.getIsNew(), reply.getRecorded(), reply.getClaimedAtMs(), reply.getRecalled(), chosen);
    }

    /** Whether the id has been claimed, which this does not do. IDEMPOTENCY_CONFLICT as above. */
    boolean isClaimed(Push push, Deadline deadline) {
        return claim(push, List.of(), true, deadline).getClaimedAtMs() != 0;
    }

    private ClaimReply claim(Push push, List<ClaimedTarget> targets, boolean knownOnly, Deadline deadline) {
        ClaimRequest request = ClaimRequest.newBuilder()
                .setProduct(push.product())
                .setMessageId(push.messageId())
                .setBodyHash(UnsafeByteOperations.unsafeWrap(push.bodyHash()))
                .setKnownOnly(knownOnly)
                .addAllTargets(targets)
                .build();
        try {
            return savers.await(Shards.key(push.product(), push.messageId()), CLAIM, request, deadline);
        } catch (LonglineException e) {
            throw Unanswered.by("saver", e);
        }
    }

    /** One copy an endpoint, in their order. */
    List<CompletableFuture<StoredCopy>> store(List<Endpoint> endpoints, Outgoing message, Deadline deadline) {
        Message wire = Wire.message(message);
        return endpoints.stream()
                .map(to -> store(to, wire, message.jobId(), deadline))
                .toList();
    }

    private CompletableFuture<StoredCopy> store(Endpoint to, Message message, String jobId, Deadline deadline) {
        StoreRequest request = StoreRequest.newBuilder()
                .setEndpoint(Wire.endpoint(to))
                .setMessage(message)
                .setJobId(jobId)
                .build();
        return savers.call(key(to), STORE, request, deadline, (reply, again) -> copy(to, reply, again));
    }

    /** What is there already when another saver was asked before may be that one's: it counts as new. */
    private static StoredCopy copy(Endpoint to, StoreReply reply, boolean again) {
        Endpoint where = new Endpoint(to.product(), to.user(), reply.getDevice());
        String reason = reply.getReason().isEmpty() ? null : reply.getReason();
        return new StoredCopy(
                where,
                reply.getSeq(),
                reply.getBefore(),
                Wire.status(reply.getState()),
                reason,
                reply.getRepeated() && !again);
    }

    /**
     * What the inboxes took.
     *
     * @param copies of targets at which nothing failed
     * @param targets that these copies are all of
     * @param partial of users at whose other devices it failed: a repeat sends to them again
     */
    record Taken(List<StoredCopy> copies, List<Target> targets, List<StoredCopy> partial) {}

    /**
     * Writes to whom a message went, which is what GET and a repeated id are answered from; a copy that no inbox took is no part of it.
     *
     * @return whether the message was recalled meanwhile
     */
    CompletableFuture<Boolean> record(Push push, Taken taken, long sentAtMs, Deadline deadline) {
        RecordRequest request = RecordRequest.newBuilder()
                .setProduct(push.product())
                .setMessageId(push.messageId())
                .setBodyHash(push.repeatable() ? UnsafeByteOperations.unsafeWrap(push.bodyHash()) : ByteString.EMPTY)
                .setNode(node)
                .setAcceptedAtMs(sentAtMs)
                .addAllCopies(copies(taken.copies))
                .addAllPartial(copies(taken.partial))
                .addAllTold(taken.targets.stream().map(Wire::claimed).toList())
                .build();
        return savers.call(Shards.key(push.product(), push.messageId()), RECORD, request, deadline)
                .thenApply(RecordReply::getRecalled);
    }

    private static List<Copy> copies(List<StoredCopy> copies) {
        return copies.stream()
                .filter(copy -> copy.seq() != 0)
                .map(copy -> Wire.copy(copy.result()))
                .toList();
    }

    /** A copy, if nobody was sent it. Answers its state afterwards. */
    CompletableFuture<Status> recall(StoredCopy copy, String messageId, Deadline deadline) {
        return recall(copy.endpoint(), Wire.recall(copy.endpoint(), copy.seq(), messageId, node), deadline);
    }

    /** Whatever copy is there, likewise; what comes there later is refused. */
    CompletableFuture<Status> refuse(Endpoint endpoint, String messageId, Deadline deadline) {
        return recall(endpoint, Wire.refuse(endpoint, messageId, node), deadline);
    }

    private CompletableFuture<Status> recall(Endpoint endpoint, SettleRequest request, Deadline deadline) {
        return savers.call(key(endpoint), SETTLE, request, deadline).thenApply(reply -> Wire.status(reply.getState()));
    }

    /**
     * Tells what became of a hint. The future never fails: what saver does not hear, the sweep brings up again.
     *
     * @return the state of the copy afterwards; where saver does not answer the one told, or stored where that is an end: it has not taken that
     */
    CompletableFuture<Status> settle(StoredCopy copy, String messageId, SettlePolicy.Verdict verdict, Handed handed) {
        Status status = verdict.status();
        SettleRequest request = SettleRequest.newBuilder()
                .setEndpoint(Wire.endpoint(copy.endpoint()))
                .setSeq(copy.seq())
                .setMessageId(messageId)
                .setState(Wire.state(status))
                .setReason(verdict.reason() == null ? "" : verdict.reason())
                .setNode(doer(status, handed))
                .setRoutedMs((int) handed.age().toMillis())
                .build();
        return savers.call(key(copy.endpoint()), SETTLE, request, Deadline.after(BACKGROUND))
                .handle((reply, error) -> error == null ? Wire.status(reply.getState()) : unsettled(status, error));
    }

    /** The room; of an end that no room made, this center. */
    private String doer(Status status, Handed handed) {
        String room = handed.room();
        if (room != null) {
            return room;
        }
        return status.isFinal() ? node : "";
    }

    /** Takes the endpoint out of the unsent ones, if nothing newer was stored there; no copy changes. Never fails. */
    public void settled(Endpoint endpoint, long seq, Deadline deadline) {
        SettleRequest request = SettleRequest.newBuilder()
                .setEndpoint(Wire.endpoint(endpoint))
                .setSeq(seq)
                .setState(Wire.state(Status.STORED))
                .build();
        var _ = savers.call(key(endpoint), SETTLE, request, deadline).exceptionally(error -> {
            log.debug("settle not answered error={}", error.getMessage());
            return SettleReply.getDefaultInstance();
        });
    }

    private static Status unsettled(Status told, Throwable error) {
        log.debug("settle not answered status={} error={}", told, error.getMessage());
        return told.isFinal() ? Status.STORED : told;
    }

    private static long key(Endpoint endpoint) {
        return Shards.key(endpoint.product(), endpoint.user());
    }
}
