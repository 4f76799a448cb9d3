package io.longline.saver.message;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.ClaimReply;
import io.longline.rpc.v1.ClaimRequest;
import io.longline.rpc.v1.Copy;
import io.longline.rpc.v1.LookReply;
import io.longline.rpc.v1.LookRequest;
import io.longline.rpc.v1.MessagesGrpc;
import io.longline.rpc.v1.RecordReply;
import io.longline.rpc.v1.RecordRequest;
import io.longline.rpc.v1.Stage;
import io.longline.rpc.v1.State;
import io.longline.rpc.v1.TimelineReply;
import io.longline.rpc.v1.TimelineRequest;
import io.longline.saver.endpoint.Endpoint;
import io.longline.saver.endpoint.Topic;
import io.longline.saver.message.RecordStore.OfClaim;
import io.longline.saver.message.RecordStore.Recorded;
import java.time.Duration;
import java.util.List;

/** The service {@code Messages}: reads requests, has {@link MessageRecords} do them, writes replies. */
public final class MessagesGrpcService {
    private static final Duration FULL_RETRY_AFTER = Duration.ofSeconds(5);
    private static final int MOST_TARGETS = 1_000;

    private final MessageRecords records;

    public MessagesGrpcService(MessageRecords records) {
        this.records = records;
    }

    public RpcService service() {
        return RpcService.of(MessagesGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(MessagesGrpc.getClaimMethod(), ClaimRequest.class, ClaimReply.class),
                        this::claim)
                .sideBySide(
                        BatchMethod.of(MessagesGrpc.getRecordMethod(), RecordRequest.class, RecordReply.class),
                        this::record)
                .sideBySide(
                        BatchMethod.of(MessagesGrpc.getLookMethod(), LookRequest.class, LookReply.class), this::look)
                .sideBySide(
                        BatchMethod.of(MessagesGrpc.getTimelineMethod(), TimelineRequest.class, TimelineReply.class),
                        this::timeline);
    }

    private ClaimReply claim(ClaimRequest request, Deadline deadline) {
        MessageId id = MessageId.checked(request.getProduct(), request.getMessageId());
        if (request.getBodyHash().isEmpty()) {
            throw LonglineException.invalid("body_hash", "is empty, expected the SHA-256 of the body");
        }
        if (request.getTargetsCount() > MOST_TARGETS) {
            throw LonglineException.invalid(
                    "targets", "are " + request.getTargetsCount() + ", expected at most " + MOST_TARGETS);
        }
        byte[] bodyHash = request.getBodyHash().toByteArray();
        return request.getKnownOnly()
                ? records.known(id, bodyHash, deadline)
                        .map(outcome -> reply(id, outcome))
                        .orElseGet(ClaimReply::getDefaultInstance)
                : reply(id, records.claim(id, bodyHash, claimed(id, request.getTargetsList()), deadline));
    }

    private static List<ClaimedTarget> claimed(MessageId id, List<io.longline.rpc.v1.ClaimedTarget> targets) {
        return targets.stream()
                .map(each -> ClaimedTarget.checked(id, each.getUser(), each.getDevice(), each.getChosen()))
                .toList();
    }

    private static List<io.longline.rpc.v1.ClaimedTarget> wire(List<ClaimedTarget> targets) {
        return targets.stream()
                .map(each -> io.longline.rpc.v1.ClaimedTarget.newBuilder()
                        .setUser(each.target().user())
                        .setDevice(each.target().device())
                        .setChosen(each.chosen())
                        .build())
                .toList();
    }

    private static ClaimReply reply(MessageId id, ClaimOutcome outcome) {
        ClaimReply.Builder reply = ClaimReply.newBuilder()
                .setClaimedAtMs(outcome.firstMs())
                .setRecalled(outcome.recalled())
                .addAllChosen(wire(outcome.chosen()));
        return switch (outcome.kind()) {
            case NEW -> reply.setIsNew(true).build();
            case AGAIN -> reply.build();
            case RECORDED -> reply.setRecorded(true).build();
            case CONFLICT ->
                throw new LonglineException(
                        ErrorCode.IDEMPOTENCY_CONFLICT, "message_id " + id.id() + " was used for another body");
            case NO_ROOM ->
                throw new LonglineException(ErrorCode.QUEUE_FULL, "the memory for message ids is full")
                        .retryAfter(FULL_RETRY_AFTER);
        };
    }

    private RecordReply record(RecordRequest request, Deadline deadline) {
        MessageId id = MessageId.checked(request.getProduct(), request.getMessageId());
        Recorded message = new Recorded(
                Math.max(0, request.getAcceptedAtMs()),
                request.getNode(),
                told(id, request.getCopiesList()),
                told(id, request.getPartialList()),
                new OfClaim(claimed(id, request.getToldList()), claimed(id, request.getNeverList())),
                request.getKnownOnly(),
                ofTopic(request));
        RecordOutcome outcome = records.record(id, request.getBodyHash().toByteArray(), message, deadline);
        return RecordReply.newBuilder()
                .setRecalled(outcome == RecordOutcome.RECALLED)
                .build();
    }

    private static OfTopic ofTopic(RecordRequest request) {
        return request.getTopic().isEmpty()
                ? OfTopic.NONE
                : new OfTopic(Topic.checkedName(request.getTopic()), Math.max(0, request.getTopicOffset()));
    }

    private static List<Told> told(MessageId id, List<Copy> copies) {
        return copies.stream()
                .map(copy -> new Told(
                        Endpoint.checked(id.product(), copy.getUser(), copy.getDevice()), Math.max(0, copy.getSeq())))
                .toList();
    }

    private LookReply look(LookRequest request, Deadline deadline) {
        MessageId id = MessageId.checked(request.getProduct(), request.getMessageId());
        MessageRecords.Looked looked = records.look(id, deadline);
        LookReply.Builder reply =
                LookReply.newBuilder().setRecalled(looked.recalled()).addAllClaimed(wire(looked.claimed()));
        reply.setTopic(looked.ofTopic().topic()).setTopicOffset(looked.ofTopic().offset());
        looked.copies().forEach(copy -> reply.addCopies(copy(copy)));
        looked.partial().forEach(copy -> reply.addPartial(copy(copy)));
        return reply.build();
    }

    private static Copy copy(CopyStatus status) {
        return Copy.newBuilder()
                .setUser(status.endpoint().user())
                .setDevice(status.endpoint().device())
                .setSeq(status.seq())
                .setState(State.valueOf(status.state().name()))
                .setReason(status.reason())
                .build();
    }

    private TimelineReply timeline(TimelineRequest request, Deadline deadline) {
        MessageId id = MessageId.checked(request.getProduct(), request.getMessageId());
        return TimelineReply.newBuilder()
                .addAllEntries(records.timeline(id, deadline).stream()
                        .map(MessagesGrpcService::entry)
                        .toList())
                .build();
    }

    private static io.longline.rpc.v1.TimelineEntry entry(TimelineEntry entry) {
        io.longline.rpc.v1.TimelineEntry.Builder wire = io.longline.rpc.v1.TimelineEntry.newBuilder()
                .setStage(Stage.valueOf("STAGE_" + entry.stage().name()))
                .setAtMs(entry.atMs())
                .setNode(entry.node())
                .setReason(entry.reason());
        if (entry.endpoint() != null) {
            wire.setUser(entry.endpoint().user()).setDevice(entry.endpoint().device());
        }
        return wire.build();
    }
}
