package io.longline.room.audit;

import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.room.delivery.Messages;
import io.longline.rpc.v1.AuditedSession;
import io.longline.rpc.v1.InspectReply;
import io.longline.rpc.v1.InspectRequest;
import io.longline.rpc.v1.MendReply;
import io.longline.rpc.v1.MendRequest;
import io.longline.rpc.v1.SessionAuditGrpc;
import io.longline.rpc.v1.SurveyReply;
import io.longline.rpc.v1.SurveyRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the auditor asks. */
public final class SessionAuditGrpcService {
    private static final BatchMethod<SurveyRequest, SurveyReply> SURVEY =
            BatchMethod.of(SessionAuditGrpc.getSurveyMethod(), SurveyRequest.class, SurveyReply.class);
    private static final BatchMethod<InspectRequest, InspectReply> INSPECT =
            BatchMethod.of(SessionAuditGrpc.getInspectMethod(), InspectRequest.class, InspectReply.class);
    private static final BatchMethod<MendRequest, MendReply> MEND =
            BatchMethod.of(SessionAuditGrpc.getMendMethod(), MendRequest.class, MendReply.class);

    private final SessionAudit audit;

    public SessionAuditGrpcService(SessionAudit audit) {
        this.audit = audit;
    }

    public RpcService service() {
        return RpcService.of(SessionAuditGrpc.getServiceDescriptor())
                .batched(SURVEY, this::survey)
                .batched(INSPECT, this::inspect)
                .batched(MEND, this::mend);
    }

    private List<SurveyReply> survey(List<SurveyRequest> requests, Deadline deadline) {
        return each(
                requests,
                request -> audit.survey(request.getIncarnation(), request.getLoop(), request.getSlot())
                        .thenApply(this::toRpc));
    }

    private SurveyReply toRpc(Optional<SessionAudit.Page> found) {
        SurveyReply.Builder reply = SurveyReply.newBuilder().setLoops(audit.loops());
        found.ifPresentOrElse(
                page -> reply.setNextSlot(page.nextSlot())
                        .addAllSessions(page.sessions().stream()
                                .map(SessionAuditGrpcService::toRpc)
                                .toList()),
                () -> reply.setOtherIncarnation(true));
        return reply.build();
    }

    private List<InspectReply> inspect(List<InspectRequest> requests, Deadline deadline) {
        return each(
                requests,
                request -> audit.inspect(Messages.fromRpc(request.getPlace())).thenApply(found -> {
                    InspectReply.Builder reply = InspectReply.newBuilder().setBinding(found.binding());
                    found.session().ifPresent(session -> reply.setSession(toRpc(session)));
                    return reply.build();
                }));
    }

    private List<MendReply> mend(List<MendRequest> requests, Deadline deadline) {
        return each(requests, request -> {
            var place = Messages.fromRpc(request.getPlace());
            CompletableFuture<Boolean> begun = request.getBind()
                    ? audit.bind(place, request.getGeneration())
                    : audit.load(place, request.getGeneration());
            return begun.thenApply(is -> MendReply.newBuilder().setBegun(is).build());
        });
    }

    /** All at once, each on its loop. */
    private static <Q, A> List<A> each(List<Q> requests, Function<Q, CompletableFuture<A>> answer) {
        List<CompletableFuture<A>> answers = requests.stream().map(answer).toList();
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static AuditedSession toRpc(SeenSession session) {
        return AuditedSession.newBuilder()
                .setEndpoint(Messages.toRpc(session.endpoint()))
                .setPlace(Messages.toRpc(session.place()))
                .setGeneration(session.generation())
                .setSent(session.sent())
                .setIdle(session.idle())
                .build();
    }
}
