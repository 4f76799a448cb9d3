package io.longline.coordinator.outbox;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Peers;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.BuryReply;
import io.longline.rpc.v1.BuryRequest;
import io.longline.rpc.v1.DeadLetter;
import io.longline.rpc.v1.DeadLettersGrpc;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link DeadLetters} at the savers, who have them in MySQL. */
public final class DeadLetterClient implements DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterClient.class);
    private static final BatchMethod<BuryRequest, BuryReply> BURY =
            BatchMethod.of(DeadLettersGrpc.getBuryMethod(), BuryRequest.class, BuryReply.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Peers savers;

    public DeadLetterClient(Peers savers) {
        this.savers = savers;
    }

    @Override
    public List<Kept> keep(List<Event> dead, String why) {
        Deadline deadline = Deadline.after(PATIENCE);
        List<CompletableFuture<Kept>> asked = dead.stream()
                .map(event -> savers.call(
                                Shards.key(event.stream().product()),
                                BURY,
                                BuryRequest.newBuilder()
                                        .setLetter(letter(event, why))
                                        .build(),
                                deadline)
                        .handle((_, error) -> error == null ? Kept.KEPT : failed(event, error)))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static Kept failed(Event event, Throwable error) {
        log.debug(
                "an event that is overdue is not kept yet stream={} seq={} error={}",
                event.stream(),
                event.seq(),
                error.getMessage());
        return ErrorTranslator.fromAny(error).code() == ErrorCode.QUEUE_FULL ? Kept.FULL : Kept.FAILED;
    }

    private static DeadLetter letter(Event event, String why) {
        Map<String, String> fields = new HashMap<>(event.fields());
        fields.remove(EventFields.ID);
        fields.remove(EventFields.HAPPENED_AT_MS);
        return DeadLetter.newBuilder()
                .setProduct(event.stream().product())
                .setId(event.id())
                .setKind(event.stream().kind())
                .setUser(event.user())
                .setDevice(event.device())
                .setGeneration(event.generation())
                .setSeq(event.seq())
                .putAllFields(fields)
                .setPayload(event.payload())
                .setAtMs(event.happenedAtMs())
                .setReason(why)
                .build();
    }
}
