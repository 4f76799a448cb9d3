package io.longline.room.fanout;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Replies;
import io.longline.keeper.rpc.RpcService;
import io.longline.room.broadcast.BroadcastJob;
import io.longline.room.broadcast.BroadcastOrder;
import io.longline.room.broadcast.BroadcastTopic;
import io.longline.room.broadcast.BroadcastWish;
import io.longline.room.delivery.Messages;
import io.longline.room.session.Incarnation;
import io.longline.room.topic.Broadcasts;
import io.longline.room.topic.Reach;
import io.longline.room.topic.TopicHint;
import io.longline.room.topic.TopicReached;
import io.longline.rpc.v1.BroadcastBehind;
import io.longline.rpc.v1.BroadcastReply;
import io.longline.rpc.v1.BroadcastRequest;
import io.longline.rpc.v1.EveryoneReply;
import io.longline.rpc.v1.EveryoneRequest;
import io.longline.rpc.v1.FanoutGrpc;
import io.longline.rpc.v1.ReachReply;
import io.longline.rpc.v1.ReachRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Messages to many, as other services give them. */
public final class FanoutGrpcService {
    private static final BatchMethod<EveryoneRequest, EveryoneReply> EVERYONE =
            BatchMethod.of(FanoutGrpc.getEveryoneMethod(), EveryoneRequest.class, EveryoneReply.class);

    private static final BatchMethod<ReachRequest, ReachReply> REACH =
            BatchMethod.of(FanoutGrpc.getReachMethod(), ReachRequest.class, ReachReply.class);

    private static final BatchMethod<BroadcastRequest, BroadcastReply> BROADCAST =
            BatchMethod.of(FanoutGrpc.getBroadcastMethod(), BroadcastRequest.class, BroadcastReply.class);

    private final Everybody everybody;
    private final Reach reach;
    private final Broadcasts broadcasts;
    private final Incarnation incarnation;

    /** @param incarnation whose counts of broadcasts these are */
    public FanoutGrpcService(Everybody everybody, Reach reach, Broadcasts broadcasts, Incarnation incarnation) {
        this.everybody = everybody;
        this.reach = reach;
        this.broadcasts = broadcasts;
        this.incarnation = incarnation;
    }

    public RpcService service() {
        return RpcService.of(FanoutGrpc.getServiceDescriptor())
                .inParts(EVERYONE, this::everyone)
                .inParts(REACH, this::reach)
                .inParts(BROADCAST, this::broadcast);
    }

    /** Blocks until all are told; what the deadline cuts off goes on, and nobody hears of it. */
    private void everyone(List<EveryoneRequest> requests, Deadline deadline, Replies<EveryoneReply> replies) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            EveryoneRequest request = requests.get(i);
            int at = i;
            told.add(everybody
                    .tell(request.getProduct(), Messages.fromRpc(request.getMessage()))
                    .thenAccept(reached -> replies.put(at, toRpc(reached))));
        }
        await(told, deadline);
    }

    /** Likewise. */
    private void reach(List<ReachRequest> requests, Deadline deadline, Replies<ReachReply> replies) {
        List<CompletableFuture<TopicReached>> reached =
                reach.tell(requests.stream().map(FanoutGrpcService::word).toList());
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            int at = i;
            told.add(reached.get(i).thenAccept(here -> replies.put(at, toRpc(here))));
        }
        await(told, deadline);
    }

    private static Reach.Word word(ReachRequest request) {
        return new Reach.Word(request.getProduct(), request.getTopic(), hint(request));
    }

    /** Blocks until the loops have taken the orders. */
    private void broadcast(List<BroadcastRequest> requests, Deadline deadline, Replies<BroadcastReply> replies) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            int at = i;
            told.add(broadcast(requests.get(i)).thenAccept(reply -> replies.put(at, reply)));
        }
        await(told, deadline);
    }

    private CompletableFuture<BroadcastReply> broadcast(BroadcastRequest request) {
        if (!BroadcastTopic.is(request.getTopic())) {
            return refused(
                    LonglineException.invalid("topic", "is " + request.getTopic() + ", expected one of broadcasts"));
        }
        Optional<BroadcastWish> wish = wish(request);
        if (wish.isEmpty()) {
            return refused(LonglineException.invalid("wish", "is not known"));
        }
        Optional<LonglineException> problem = problem(request);
        return problem.isPresent()
                ? refused(problem.get())
                : broadcasts.ask(order(request, wish.get())).thenApply(this::toRpc);
    }

    /** With those that are to be sent with it. */
    private static Optional<LonglineException> problem(BroadcastRequest request) {
        if (request.getBehindCount() == 0) {
            return Optional.empty();
        }
        if (request.getBehindCount() > BroadcastOrder.MOST_BEHIND) {
            return Optional.of(LonglineException.invalid(
                    "behind",
                    "has " + request.getBehindCount() + " broadcasts, expected at most " + BroadcastOrder.MOST_BEHIND));
        }
        if (request.getPeoplePerS() > 0 || request.getCanaryPermille() > 0) {
            return Optional.of(LonglineException.invalid("behind", "is only for one without a pace and a canary"));
        }
        long last = request.getOffset();
        for (BroadcastBehind behind : request.getBehindList()) {
            if (behind.getOffset() <= last) {
                return Optional.of(LonglineException.invalid(
                        "behind.offset",
                        "is " + behind.getOffset() + " after " + last + ", expected one that is greater"));
            }
            last = behind.getOffset();
        }
        return Optional.empty();
    }

    private static CompletableFuture<BroadcastReply> refused(LonglineException why) {
        return CompletableFuture.completedFuture(BroadcastReply.newBuilder()
                .setError(ErrorTranslator.toStatus(why))
                .build());
    }

    private static Optional<BroadcastWish> wish(BroadcastRequest request) {
        return switch (request.getWish()) {
            case BROADCAST_SEND -> Optional.of(BroadcastWish.SEND);
            case BROADCAST_REST -> Optional.of(BroadcastWish.REST);
            case BROADCAST_OVER -> Optional.of(BroadcastWish.OVER);
            case BROADCAST_DROP -> Optional.of(BroadcastWish.DROP);
            case BROADCAST_WISH_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static BroadcastOrder order(BroadcastRequest request, BroadcastWish wish) {
        return new BroadcastOrder(
                request.getProduct(),
                request.getTopic(),
                new BroadcastJob(
                        request.getJobId(),
                        request.getOffset(),
                        request.hasBefore() ? request.getBefore() : BroadcastOrder.UNKNOWN,
                        Messages.fromRpc(request.getMessage()),
                        request.getRun()),
                request.getBehindList().stream().map(FanoutGrpcService::job).toList(),
                wish,
                request.getCanaryPermille(),
                request.getPeoplePerS(),
                Duration.ofMillis(request.getShareMs()),
                request.getNumber());
    }

    private static BroadcastJob job(BroadcastBehind behind) {
        return new BroadcastJob(
                behind.getJobId(),
                behind.getOffset(),
                behind.hasBefore() ? behind.getBefore() : BroadcastOrder.UNKNOWN,
                Messages.fromRpc(behind.getMessage()),
                behind.getRun());
    }

    private BroadcastReply toRpc(Broadcasts.Answer answer) {
        return BroadcastReply.newBuilder()
                .setIncarnation(incarnation.current())
                .setTargeted(answer.counts().targeted())
                .setSent(answer.counts().sent())
                .setAcked(answer.counts().acked())
                .setLeft(answer.counts().left())
                .setStale(answer.stale())
                .setMerges(true)
                .addAllBehind(answer.behind().stream()
                        .map(counts -> io.longline.rpc.v1.BroadcastCounts.newBuilder()
                                .setTargeted(counts.targeted())
                                .setSent(counts.sent())
                                .setAcked(counts.acked())
                                .setLeft(counts.left())
                                .build())
                        .toList())
                .build();
    }

    private static void await(List<CompletableFuture<Void>> told, Deadline deadline) {
        CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
                .orTimeout(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    private static TopicHint hint(ReachRequest request) {
        return new TopicHint(
                request.getOffset(),
                request.hasMessage() ? request.getBefore() : TopicHint.UNKNOWN,
                request.hasMessage() ? Messages.fromRpc(request.getMessage()) : null);
    }

    private static ReachReply toRpc(TopicReached reached) {
        return ReachReply.newBuilder()
                .setFollowers(reached.followers())
                .setWritten(reached.written())
                .build();
    }

    private static EveryoneReply toRpc(Reached reached) {
        return EveryoneReply.newBuilder()
                .setWritten(reached.written())
                .setDropped(reached.dropped())
                .build();
    }
}
