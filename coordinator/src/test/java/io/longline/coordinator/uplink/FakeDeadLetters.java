package io.longline.coordinator.uplink;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.BatchMethod;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where a saver keeps dead letters; the coordinator only buries. */
final class FakeDeadLetters {
    private final Map<String, DeadLetter> letters = new ConcurrentHashMap<>();
    private volatile @Nullable ErrorCode refusal;

    RpcService service() {
        return RpcService.of(DeadLettersGrpc.getServiceDescriptor())
                .batched(
                        BatchMethod.of(DeadLettersGrpc.getBuryMethod(), BuryRequest.class, BuryReply.class),
                        (requests, _) -> requests.stream().map(this::bury).toList())
                .batched(
                        BatchMethod.of(DeadLettersGrpc.getLettersMethod(), LettersRequest.class, LettersReply.class),
                        (_, _) -> List.of())
                .batched(
                        BatchMethod.of(DeadLettersGrpc.getLetterMethod(), LetterRequest.class, LetterReply.class),
                        (_, _) -> List.of())
                .batched(
                        BatchMethod.of(DeadLettersGrpc.getDiscardMethod(), DiscardRequest.class, DiscardReply.class),
                        (_, _) -> List.of());
    }

    private BuryReply bury(BuryRequest request) {
        ErrorCode refused = refusal;
        if (refused != null) {
            return BuryReply.newBuilder()
                    .setError(ErrorTranslator.toStatus(new LonglineException(refused, "not now")))
                    .build();
        }
        letters.put(request.getLetter().getId(), request.getLetter());
        return BuryReply.getDefaultInstance();
    }

    /** Null: it keeps what comes. */
    void refuse(@Nullable ErrorCode with) {
        refusal = with;
    }

    List<DeadLetter> letters() {
        return List.copyOf(letters.values());
    }

    /** As it died the last time. */
    DeadLetter letter(String id) {
        return Objects.requireNonNull(letters.get(id));
    }
}
