package io.longline.center.deadletter;

import com.google.protobuf.Message;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.DeadLettersGrpc;
import io.longline.rpc.v1.DiscardReply;
import io.longline.rpc.v1.DiscardRequest;
import io.longline.rpc.v1.LetterReply;
import io.longline.rpc.v1.LetterRequest;
import io.longline.rpc.v1.LettersReply;
import io.longline.rpc.v1.LettersRequest;
import io.longline.rpc.v1.OutboxGrpc;
import io.longline.rpc.v1.PutBackReply;
import io.longline.rpc.v1.PutBackRequest;
import java.util.List;

/** Asks saver for dead letters, has it delete them, and has coordinator put one back into its stream. */
public final class DeadLetterClient {
    private static final BatchMethod<LettersRequest, LettersReply> LETTERS =
            BatchMethod.of(DeadLettersGrpc.getLettersMethod(), LettersRequest.class, LettersReply.class);
    private static final BatchMethod<LetterRequest, LetterReply> LETTER =
            BatchMethod.of(DeadLettersGrpc.getLetterMethod(), LetterRequest.class, LetterReply.class);
    private static final BatchMethod<DiscardRequest, DiscardReply> DISCARD =
            BatchMethod.of(DeadLettersGrpc.getDiscardMethod(), DiscardRequest.class, DiscardReply.class);
    private static final BatchMethod<PutBackRequest, PutBackReply> PUT_BACK =
            BatchMethod.of(OutboxGrpc.getPutBackMethod(), PutBackRequest.class, PutBackReply.class);

    private final Peers savers;
    private final Peers coordinators;

    public DeadLetterClient(Peers savers, Peers coordinators) {
        this.savers = savers;
        this.coordinators = coordinators;
    }

    /** The newest first, without their payloads; {@code kind} "": of all, {@code before} 0: from the newest on. */
    List<DeadLetter> page(String product, String kind, long before, int limit, Deadline deadline) {
        LettersRequest request = LettersRequest.newBuilder()
                .setProduct(product)
                .setKind(kind)
                .setBefore(before)
                .setLimit(limit)
                .build();
        return ask(product, LETTERS, request, deadline).getLettersList().stream()
                .map(DeadLetterWire::read)
                .toList();
    }

    /** MESSAGE_NOT_FOUND where this product has none of that id. */
    DeadLetter find(String product, String id, Deadline deadline) {
        LetterRequest request =
                LetterRequest.newBuilder().setProduct(product).setLetterId(id).build();
        return DeadLetterWire.read(ask(product, LETTER, request, deadline).getLetter());
    }

    /** Whether it was there. {@code seq} that it must have; 0: whichever. */
    boolean discard(String product, String id, long seq, Deadline deadline) {
        DiscardRequest request = DiscardRequest.newBuilder()
                .setProduct(product)
                .setLetterId(id)
                .setSeq(seq)
                .build();
        return ask(product, DISCARD, request, deadline).getDiscarded() > 0;
    }

    /**
     * All of a kind.
     *
     * @param more whether there was no time for some
     */
    record Discarded(long count, boolean more) {}

    Discarded discardKind(String product, String kind, Deadline deadline) {
        DiscardRequest request =
                DiscardRequest.newBuilder().setProduct(product).setKind(kind).build();
        DiscardReply reply = ask(product, DISCARD, request, deadline);
        return new Discarded(reply.getDiscarded(), reply.getMore());
    }

    /** Behind what waits of its endpoint, once for each of its deaths; NOT_FOUND where it has no callback any more, QUEUE_FULL. */
    void putBack(String product, DeadLetter letter, Deadline deadline) {
        PutBackRequest request = PutBackRequest.newBuilder()
                .setLetter(DeadLetterWire.of(product, letter))
                .build();
        PutBackReply _ =
                await("coordinator", coordinators, Shards.key(product, letter.user()), PUT_BACK, request, deadline);
    }

    private <Q extends Message, A extends Message> A ask(
            String product, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        return await("saver", savers, Shards.key(product), method, request, deadline);
    }

    private static <Q extends Message, A extends Message> A await(
            String service, Peers peers, long key, BatchMethod<Q, A> method, Q request, Deadline deadline) {
        try {
            return peers.await(key, method, request, deadline);
        } catch (LonglineException e) {
            LonglineException known = Unanswered.by(service, e);
            throw known.code() == ErrorCode.METHOD_NOT_ALLOWED
                    ? LonglineException.dependencyDown(
                            service, service + " is of an earlier release and has no dead letters", known)
                    : known;
        }
    }
}
