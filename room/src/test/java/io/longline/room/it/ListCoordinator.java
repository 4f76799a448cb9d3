package io.longline.room.it;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BringReply;
import io.longline.rpc.v1.BringRequest;
import io.longline.rpc.v1.UplinksGrpc;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A coordinator that keeps uplinks in a list. */
final class ListCoordinator {
    private final List<BringRequest> asked = new CopyOnWriteArrayList<>();
    private final List<BringRequest> kept = new CopyOnWriteArrayList<>();
    private volatile Optional<LonglineException> refusal = Optional.empty();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    RpcService service() {
        return RpcService.of(UplinksGrpc.getServiceDescriptor())
                .batched(
                        BatchMethod.of(UplinksGrpc.getBringMethod(), BringRequest.class, BringReply.class),
                        this::bring);
    }

    private List<BringReply> bring(List<BringRequest> requests, Deadline deadline) {
        asked.addAll(requests);
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return requests.stream().map(this::bring).toList();
    }

    private BringReply bring(BringRequest request) {
        BringReply.Builder reply = BringReply.newBuilder();
        refusal.ifPresentOrElse(why -> reply.setError(ErrorTranslator.toStatus(why)), () -> kept.add(request));
        return reply.build();
    }

    /** With all that it was asked to keep, kept or not. */
    List<BringRequest> asked() {
        return asked;
    }

    List<BringRequest> kept() {
        return kept;
    }

    /** From now on it keeps nothing. */
    void refuse(LonglineException why) {
        refusal = Optional.of(why);
    }

    /** From now on it answers nothing, until {@link #goOn}. */
    void stop() {
        gate = new CountDownLatch(1);
    }

    /** Answers, and keeps from now on. */
    void goOn() {
        gate.countDown();
    }

    void keepAgain() {
        refusal = Optional.empty();
    }
}
