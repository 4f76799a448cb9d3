package io.longline.coordinator.outbox;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.product.Products;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.RpcService;
import io.longline.keeper.shard.Shards;
import io.longline.rpc.v1.OutboxGrpc;
import io.longline.rpc.v1.PutBackReply;
import io.longline.rpc.v1.PutBackRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Where center has dead letters sent again. */
public final class PutBackGrpcService {
    private static final Duration FULL_RETRY = Duration.ofSeconds(2);
    /** What the stream itself says of an entry. */
    private static final Set<String> OURS = Set.of("t", "u", "d", "g", "b", EventFields.ID, EventFields.HAPPENED_AT_MS);

    private final RedisPutBack store;
    private final Products products;
    private final Consumer<Stream> wake;

    /** @param wake is told the stream of each that was put back */
    public PutBackGrpcService(RedisStore redis, OutboxConfig.Limits limits, Products products, Consumer<Stream> wake) {
        this.store = new RedisPutBack(redis, limits);
        this.products = products;
        this.wake = wake;
    }

    public RpcService service() {
        return RpcService.of(OutboxGrpc.getServiceDescriptor())
                .sideBySide(
                        BatchMethod.of(OutboxGrpc.getPutBackMethod(), PutBackRequest.class, PutBackReply.class),
                        this::putBack);
    }

    private PutBackReply putBack(PutBackRequest request, Deadline deadline) {
        DeadLetter letter = letter(request.getLetter());
        String product = letter.stream().product();
        String kind = letter.stream().kind();
        boolean hasCallback =
                products.find(product).flatMap(p -> p.callbacks().ofKind(kind)).isPresent();
        return switch (store.putBack(letter, hasCallback, deadline)) {
            case KEPT -> {
                wake.accept(letter.stream());
                yield PutBackReply.getDefaultInstance();
            }
            case REPEATED -> PutBackReply.newBuilder().setRepeated(true).build();
            case UNCLAIMED ->
                throw new LonglineException(
                        ErrorCode.NOT_FOUND, "product " + product + " has neither a callback nor a group for " + kind);
            case ENDPOINT_FULL -> throw full("as many events of this endpoint wait for the back end as may");
            case STREAM_FULL -> throw full("as many events of " + kind + " wait for the back end as may");
        };
    }

    private static LonglineException full(String message) {
        return new LonglineException(ErrorCode.QUEUE_FULL, message).retryAfter(FULL_RETRY);
    }

    private static DeadLetter letter(io.longline.rpc.v1.DeadLetter letter) {
        String product = Ids.requireProduct("letter.product", letter.getProduct());
        String user = Ids.require("letter.user", letter.getUser());
        Map<String, String> fields = new HashMap<>(letter.getFieldsMap());
        fields.keySet().removeAll(OURS);
        return new DeadLetter(
                new Stream(Shards.of(product, user), product, required("letter.kind", letter.getKind())),
                required("letter.id", letter.getId()),
                letter.getSeq(),
                letter.getAtMs(),
                user,
                letter.getDevice().isEmpty()
                        ? ""
                        : Ids.require("letter.device", letter.getDevice()), // of presence of users
                letter.getGeneration(),
                fields,
                letter.getPayload());
    }

    private static String required(String field, String text) {
        if (text.isEmpty()) {
            throw LonglineException.invalid(field, "is required");
        }
        return text;
    }
}
