package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.room.SharedClock;
import io.longline.room.delivery.Messages;
import io.longline.room.session.Endpoint;
import io.longline.room.session.Place;
import io.longline.room.session.Session;
import io.longline.room.topic.Followed;
import io.longline.room.topic.FollowsClient;
import io.longline.room.transport.Ending;
import io.longline.rpc.v1.BindReply;
import io.longline.rpc.v1.BindRequest;
import io.longline.rpc.v1.LocateReply;
import io.longline.rpc.v1.LocateRequest;
import io.longline.rpc.v1.RoutesGrpc;
import io.longline.rpc.v1.UnbindReply;
import io.longline.rpc.v1.UnbindRequest;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** What a room asks of the register. Errors are {@link io.longline.keeper.error.LonglineException}. */
public final class RegisterClient implements Routes {
    /** So much later than its deadline a bind may still happen: our notion of Redis' clock is not exact. */
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(1);

    private static final BatchMethod<BindRequest, BindReply> BIND =
            BatchMethod.of(RoutesGrpc.getBindMethod(), BindRequest.class, BindReply.class);
    private static final BatchMethod<UnbindRequest, UnbindReply> UNBIND =
            BatchMethod.of(RoutesGrpc.getUnbindMethod(), UnbindRequest.class, UnbindReply.class);
    private static final BatchMethod<LocateRequest, LocateReply> LOCATE =
            BatchMethod.of(RoutesGrpc.getLocateMethod(), LocateRequest.class, LocateReply.class);

    private static final Ending FORGOTTEN = Ending.of(CloseCode.KICKED, "the device was forgotten");

    /**
     * An endpoint that a session took.
     *
     * @param followed what it follows
     */
    record Taken(long generation, Followed followed) {}

    private final Peers registers;
    private final SharedClock clock;
    private final LongConsumer gone;
    private final Duration answerWait;

    /**
     * Asks whichever register there is.
     *
     * @param gone is told of the incarnation for which a register refuses to bind anything; must not wait
     * @param answerWait as long as a register may be away before that is an answer
     */
    public RegisterClient(Peers registers, SharedClock clock, LongConsumer gone, Duration answerWait) {
        this.registers = registers;
        this.clock = clock;
        this.gone = gone;
        this.answerWait = answerWait;
    }

    /** Of a call that is made now. */
    public Deadline deadline() {
        return Deadline.after(answerWait);
    }

    @Override
    public Duration answerWait() {
        return answerWait;
    }

    /** After so long a bind whose answer did not come can no longer happen: its deadline, what clocks may differ by, and some. */
    Duration bindOver() {
        return answerWait.multipliedBy(2).plus(CLOCK_SLACK);
    }

    /** Takes the endpoint for this place, under a new generation. */
    CompletableFuture<Taken> bind(Endpoint endpoint, Place place, String network, Deadline deadline) {
        return inTime(endpoint, request(endpoint, place, network), deadline)
                .thenApply(reply -> new Taken(reply.getGeneration(), followed(reply)));
    }

    /**
     * Takes the endpoint of a session for its place, under a new incarnation or as it is, and says what network it is on; answers its
     * generation. Empty: somebody newer than the session has the endpoint, and keeps it.
     */
    public CompletableFuture<Rebound> rebind(Session session, Place place, Deadline deadline) {
        Endpoint endpoint = session.endpoint();
        BindRequest.Builder request =
                request(endpoint, place, session.owner().network()).setPreviousGeneration(session.generation());
        return inTime(endpoint, request, deadline).thenApply(RegisterClient::rebound);
    }

    private static Rebound rebound(BindReply reply) {
        if (reply.getForgotten()) {
            return new Rebound.Lost(FORGOTTEN);
        }
        if (reply.getKicked()) {
            return new Rebound.Lost(Ending.of(CloseCode.KICKED, reply.getReason()));
        }
        return reply.getOvertakenBy() == 0
                ? new Rebound.Kept(reply.getGeneration(), followed(reply))
                : new Rebound.Lost(Ending.of(CloseCode.REPLACED));
    }

    private static Followed followed(BindReply reply) {
        return FollowsClient.fromRpc(reply.getTopicsList(), reply.getBorn());
    }

    private static BindRequest.Builder request(Endpoint endpoint, Place place, String network) {
        return BindRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setPlace(Messages.toRpc(place))
                .setNetwork(network);
    }

    /** What comes too late for Redis' clock goes out once more, now that we know that clock. */
    private CompletableFuture<BindReply> inTime(Endpoint endpoint, BindRequest.Builder request, Deadline deadline) {
        return once(endpoint, request, deadline)
                .thenCompose(reply -> {
                    boolean again = reply.getLate() && !deadline.passed();
                    return again ? once(endpoint, request, deadline) : CompletableFuture.completedFuture(reply);
                })
                .thenApply(reply -> {
                    if (reply.getLate()) {
                        throw new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "the bind came too late");
                    }
                    return reply;
                });
    }

    private CompletableFuture<BindReply> once(Endpoint endpoint, BindRequest.Builder request, Deadline deadline) {
        request.setNotAfterMs(clock.nowMs() + deadline.remainingMillis() + CLOCK_SLACK.toMillis());
        long askedMs = clock.asking();
        return registers
                .call(endpoint.key(), BIND, request.build(), deadline)
                .whenComplete((_, error) -> {
                    if (error != null && saysGone(ErrorTranslator.fromAny(error))) {
                        gone.accept(request.getPlace().getIncarnation());
                    }
                })
                .thenApply(reply -> {
                    clock.told(reply.getTimeMs(), askedMs);
                    return reply;
                });
    }

    /** Whether this is how a register refuses a bind of an incarnation that was declared gone. */
    static boolean saysGone(LonglineException error) {
        return error.code() == ErrorCode.OVERLOADED && error.getMessage().startsWith("incarnation is gone");
    }

    @Override
    public Unbound unbind(Endpoint endpoint, long generation, boolean forget, Parting why) {
        UnbindRequest request = UnbindRequest.newBuilder()
                .setEndpoint(Messages.toRpc(endpoint))
                .setGeneration(generation)
                .setForget(forget)
                .setReason(why.word())
                .build();
        long askedMs = clock.asking();
        UnbindReply reply = registers.await(endpoint.key(), UNBIND, request, deadline());
        clock.told(reply.getTimeMs(), askedMs);
        return new Unbound(reply.getWasOwner(), reply.getTimeMs(), reply.getNewerGeneration());
    }

    /** Of whoever has the endpoint; empty: nobody has it. Fails while nobody can tell. */
    public CompletableFuture<OptionalLong> generation(Endpoint endpoint, Deadline deadline) {
        return registers
                .call(endpoint.key(), LOCATE, locate(endpoint), deadline)
                .thenApply(reply -> {
                    if (reply.hasUnknown()) {
                        throw LonglineException.dependencyDown("redis", "routes are being rebuilt", null);
                    }
                    return reply.hasOnline()
                            ? OptionalLong.of(reply.getOnline().getGeneration())
                            : OptionalLong.empty();
                });
    }

    private static LocateRequest locate(Endpoint endpoint) {
        return LocateRequest.newBuilder().setEndpoint(Messages.toRpc(endpoint)).build();
    }

    @Override
    public OptionalLong generationAt(Endpoint endpoint, Place place) {
        LocateReply reply = registers.await(endpoint.key(), LOCATE, locate(endpoint), deadline());
        if (reply.hasUnknown()) {
            throw LonglineException.dependencyDown("redis", "routes are being rebuilt", null);
        }
        boolean here = reply.hasOnline()
                && Messages.fromRpc(reply.getOnline().getPlace()).equals(place);
        return here ? OptionalLong.of(reply.getOnline().getGeneration()) : OptionalLong.empty();
    }
}
