package io.longline.coordinator.audit;

import io.longline.coordinator.audit.Suspect.Flaw;
import io.longline.keeper.discovery.Discovery;
import io.longline.keeper.discovery.Node;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peer;
import io.longline.keeper.rpc.Peers;
import io.longline.rpc.v1.EndReply;
import io.longline.rpc.v1.EndRequest;
import io.longline.rpc.v1.InspectReply;
import io.longline.rpc.v1.InspectRequest;
import io.longline.rpc.v1.MendReply;
import io.longline.rpc.v1.MendRequest;
import io.longline.rpc.v1.SessionAuditGrpc;
import io.longline.rpc.v1.SessionsGrpc;
import io.longline.rpc.v1.SurveyReply;
import io.longline.rpc.v1.SurveyRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rooms, as the auditor needs them. */
final class RoomClient implements Rooms {
    private static final Logger log = LoggerFactory.getLogger(RoomClient.class);
    private static final BatchMethod<SurveyRequest, SurveyReply> SURVEY =
            BatchMethod.of(SessionAuditGrpc.getSurveyMethod(), SurveyRequest.class, SurveyReply.class);
    private static final BatchMethod<InspectRequest, InspectReply> INSPECT =
            BatchMethod.of(SessionAuditGrpc.getInspectMethod(), InspectRequest.class, InspectReply.class);
    private static final BatchMethod<MendRequest, MendReply> MEND =
            BatchMethod.of(SessionAuditGrpc.getMendMethod(), MendRequest.class, MendReply.class);
    private static final BatchMethod<EndRequest, EndReply> END =
            BatchMethod.of(SessionsGrpc.getEndMethod(), EndRequest.class, EndReply.class);
    private static final int REPLACED = 3501;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Discovery discovery;
    private final Peers rooms;

    RoomClient(Discovery discovery, Peers rooms) {
        this.discovery = discovery;
        this.rooms = rooms;
    }

    @Override
    public Map<String, Long> living() {
        return discovery.readNow("room").stream()
                .collect(Collectors.toMap(Node::instance, Node::incarnation, Math::max));
    }

    @Override
    public Optional<Page> survey(String room, long incarnation, int loop, int slot) {
        Peer peer = rooms.byInstance(room).orElseThrow(() -> notKnown(room));
        SurveyRequest request = SurveyRequest.newBuilder()
                .setIncarnation(incarnation)
                .setLoop(loop)
                .setSlot(slot)
                .build();
        SurveyReply reply = peer.await(SURVEY, request, Deadline.after(PATIENCE));
        if (reply.getOtherIncarnation()) {
            return Optional.empty();
        }
        List<SeenSession> sessions =
                reply.getSessionsList().stream().map(AuditWire::session).toList();
        return Optional.of(new Page(sessions, reply.getLoops(), reply.getNextSlot()));
    }

    @Override
    public List<AtPlace> inspect(List<Place> places) {
        Deadline deadline = Deadline.after(PATIENCE);
        List<CompletableFuture<AtPlace>> asked = places.stream()
                .map(place -> call(
                                place,
                                INSPECT,
                                InspectRequest.newBuilder()
                                        .setPlace(AuditWire.place(place))
                                        .build(),
                                deadline)
                        .handle((reply, error) -> error == null ? found(reply) : unknown(place, error)))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static AtPlace unknown(Place place, Throwable error) {
        log.debug("a room does not tell what it has room={} error={}", place.room(), error.getMessage());
        return new AtPlace.Unknown();
    }

    private static AtPlace found(InspectReply reply) {
        if (reply.getBinding()) {
            return new AtPlace.Binding();
        }
        return reply.hasSession() ? new AtPlace.There(AuditWire.session(reply.getSession())) : new AtPlace.Nothing();
    }

    @Override
    public void mend(List<Suspect> suspects) {
        Deadline deadline = Deadline.after(PATIENCE);
        List<CompletableFuture<Boolean>> asked = suspects.stream()
                .map(suspect -> (suspect.flaw() == Flaw.OUTLIVED ? end(suspect, deadline) : tell(suspect, deadline))
                        .handle((reply, error) -> {
                            if (error != null) {
                                log.debug("not mended endpoint={} error={}", suspect.endpoint(), error.getMessage());
                            }
                            return error == null;
                        }))
                .toList();
        asked.forEach(CompletableFuture::join);
    }

    private CompletableFuture<MendReply> tell(Suspect suspect, Deadline deadline) {
        MendRequest request = MendRequest.newBuilder()
                .setPlace(AuditWire.place(suspect.place()))
                .setGeneration(suspect.generation())
                .setBind(suspect.flaw() == Flaw.UNBOUND)
                .build();
        return call(suspect.place(), MEND, request, deadline);
    }

    private CompletableFuture<EndReply> end(Suspect suspect, Deadline deadline) {
        EndRequest request = EndRequest.newBuilder()
                .setPlace(AuditWire.place(suspect.place()))
                .setGeneration(suspect.generation())
                .setCode(REPLACED)
                .setReason("replaced by a newer session")
                .build();
        return call(suspect.place(), END, request, deadline);
    }

    private <Q extends com.google.protobuf.Message, A extends com.google.protobuf.Message> CompletableFuture<A> call(
            Place place, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return rooms.byInstance(place.room())
                .map(peer -> peer.call(method, request, deadline))
                .orElseGet(() -> CompletableFuture.failedFuture(notKnown(place.room())));
    }

    private static LonglineException notKnown(String room) {
        return LonglineException.dependencyDown("room", "room " + room + " is not known yet", null);
    }
}
