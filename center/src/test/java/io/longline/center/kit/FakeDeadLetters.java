package io.longline.center.kit;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BuryReply;
import io.longline.rpc.v1.BuryRequest;
import io.longline.rpc.v1.DeadLetter;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Saver's dead letters, and the coordinator that puts them back. One lock around everything. */
public final class FakeDeadLetters {
    private final List<DeadLetter> letters = new ArrayList<>();
    private final List<DeadLetter> putBack = new ArrayList<>();
    private @Nullable LonglineException refusal;
    private long lastNumber;

    /** Saver's. */
    RpcService service() {
        RpcService service = RpcService.of(DeadLettersGrpc.getServiceDescriptor());
        Methods.unused(service, DeadLettersGrpc.getBuryMethod(), BuryRequest.class, BuryReply.class);
        Methods.each(
                service,
                DeadLettersGrpc.getLettersMethod(),
                LettersRequest.class,
                LettersReply.class,
                this::page,
                e -> LettersReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                DeadLettersGrpc.getLetterMethod(),
                LetterRequest.class,
                LetterReply.class,
                this::find,
                e -> LetterReply.newBuilder().setError(e).build());
        Methods.each(
                service,
                DeadLettersGrpc.getDiscardMethod(),
                DiscardRequest.class,
                DiscardReply.class,
                this::discard,
                e -> DiscardReply.newBuilder().setError(e).build());
        return service;
    }

    /** The coordinator's. */
    RpcService outbox() {
        RpcService service = RpcService.of(OutboxGrpc.getServiceDescriptor());
        Methods.each(
                service,
                OutboxGrpc.getPutBackMethod(),
                PutBackRequest.class,
                PutBackReply.class,
                this::putBack,
                e -> PutBackReply.newBuilder().setError(e).build());
        return service;
    }

    private synchronized LettersReply page(LettersRequest request) {
        LettersReply.Builder reply = LettersReply.newBuilder();
        letters.reversed().stream()
                .filter(letter -> letter.getProduct().equals(request.getProduct()))
                .filter(letter ->
                        request.getKind().isEmpty() || letter.getKind().equals(request.getKind()))
                .filter(letter -> request.getBefore() == 0 || letter.getNumber() < request.getBefore())
                .limit(request.getLimit())
                .forEach(letter -> reply.addLetters(letter.toBuilder().clearPayload()));
        return reply.build();
    }

    private synchronized LetterReply find(LetterRequest request) {
        return letters.stream()
                .filter(is(request.getProduct(), request.getLetterId()))
                .findFirst()
                .map(letter -> LetterReply.newBuilder().setLetter(letter).build())
                .orElseThrow(() -> new LonglineException(ErrorCode.MESSAGE_NOT_FOUND, "there is no such letter"));
    }

    private static Predicate<DeadLetter> is(String product, String id) {
        return letter -> letter.getProduct().equals(product) && letter.getId().equals(id);
    }

    private synchronized DiscardReply discard(DiscardRequest request) {
        int before = letters.size();
        letters.removeIf(letter -> request.getWhichCase() == DiscardRequest.WhichCase.KIND
                ? letter.getProduct().equals(request.getProduct())
                        && letter.getKind().equals(request.getKind())
                : is(request.getProduct(), request.getLetterId()).test(letter)
                        && (request.getSeq() == 0 || request.getSeq() == letter.getSeq()));
        return DiscardReply.newBuilder().setDiscarded(before - letters.size()).build();
    }

    private synchronized PutBackReply putBack(PutBackRequest request) {
        if (refusal != null) {
            throw refusal;
        }
        putBack.add(request.getLetter());
        return PutBackReply.getDefaultInstance();
    }

    /** One more, the newest. */
    public synchronized void add(DeadLetter letter) {
        letters.add(letter.toBuilder().setNumber(++lastNumber).build());
    }

    public synchronized List<DeadLetter> letters() {
        return List.copyOf(letters);
    }

    /** What the coordinator was given. */
    public synchronized List<DeadLetter> putBack() {
        return List.copyOf(putBack);
    }

    /** Of the coordinator, from now on; null: it takes what comes. */
    public synchronized void refuse(@Nullable LonglineException with) {
        refusal = with;
    }
}
