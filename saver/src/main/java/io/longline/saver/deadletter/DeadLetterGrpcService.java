package io.longline.saver.deadletter;

import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.id.Ids;
import io.longline.keeper.rpc.BatchMethod;
import io.longline.keeper.rpc.Deadline;
import io.longline.keeper.rpc.Replies;
import io.longline.keeper.rpc.RpcService;
import io.longline.rpc.v1.BuryReply;
import io.longline.rpc.v1.BuryRequest;
import io.longline.rpc.v1.DeadLettersGrpc;
import io.longline.rpc.v1.DiscardReply;
import io.longline.rpc.v1.DiscardRequest;
import io.longline.rpc.v1.LetterReply;
import io.longline.rpc.v1.LetterRequest;
import io.longline.rpc.v1.LettersReply;
import io.longline.rpc.v1.LettersRequest;
import io.longline.saver.SaverMetrics;
import io.longline.saver.journal.MysqlDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The service {@code DeadLetters}. */
public final class DeadLetterGrpcService {
    private static final int LONGEST_PAGE = 200;

    private final MysqlDeadLetters letters;
    private final SaverMetrics metrics;

    public DeadLetterGrpcService(MysqlDatabase database, DeadLetterConfig config, SaverMetrics metrics) {
        this.letters = new MysqlDeadLetters(database, config.perProduct());
        this.metrics = metrics;
    }

    public RpcService service() {
        return RpcService.of(DeadLettersGrpc.getServiceDescriptor())
                .inParts(
                        BatchMethod.of(DeadLettersGrpc.getBuryMethod(), BuryRequest.class, BuryReply.class), this::bury)
                .sideBySide(
                        BatchMethod.of(DeadLettersGrpc.getLettersMethod(), LettersRequest.class, LettersReply.class),
                        (request, _) -> list(request))
                .sideBySide(
                        BatchMethod.of(DeadLettersGrpc.getLetterMethod(), LetterRequest.class, LetterReply.class),
                        (request, _) -> find(request))
                .sideBySide(
                        BatchMethod.of(DeadLettersGrpc.getDiscardMethod(), DiscardRequest.class, DiscardReply.class),
                        this::discard);
    }

    /** Those of a product in one step. */
    private void bury(List<BuryRequest> requests, Deadline deadline, Replies<BuryReply> replies) {
        Map<String, List<Integer>> byProduct = new LinkedHashMap<>();
        List<DeadLetter> read = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            try {
                DeadLetter letter = DeadLetterMessages.read(requests.get(i).getLetter());
                byProduct
                        .computeIfAbsent(letter.about().product(), _ -> new ArrayList<>())
                        .add(i);
                read.add(letter);
            } catch (LonglineException e) {
                replies.put(i, refusal(e));
            }
        }
        byProduct.forEach((product, at) -> {
            BuryReply reply = bury(
                    product,
                    read.stream()
                            .filter(letter -> letter.about().product().equals(product))
                            .toList());
            at.forEach(i -> replies.put(i, reply));
        });
    }

    private BuryReply bury(String product, List<DeadLetter> ofProduct) {
        try {
            letters.keep(product, ofProduct);
            metrics.lettersKept(ofProduct.size());
            return BuryReply.getDefaultInstance();
        } catch (LonglineException e) {
            if (e.code() == ErrorCode.QUEUE_FULL) {
                metrics.lettersRefused(ofProduct.size());
            }
            return refusal(e);
        }
    }

    private static BuryReply refusal(LonglineException e) {
        return BuryReply.newBuilder().setError(ErrorTranslator.toStatus(e)).build();
    }

    private LettersReply list(LettersRequest request) {
        String kind = request.getKind();
        LettersReply.Builder reply = LettersReply.newBuilder();
        letters.page(
                        product(request.getProduct()),
                        kind.isEmpty() ? kind : DeadLetter.requireKind("kind", kind),
                        request.getBefore(),
                        Math.clamp(request.getLimit(), 1, LONGEST_PAGE))
                .forEach(letter -> reply.addLetters(DeadLetterMessages.of(letter)));
        return reply.build();
    }

    private LetterReply find(LetterRequest request) {
        String id = id(request.getLetterId());
        return letters.find(product(request.getProduct()), id)
                .map(letter -> LetterReply.newBuilder()
                        .setLetter(DeadLetterMessages.of(letter))
                        .build())
                .orElseThrow(() -> new LonglineException(
                        ErrorCode.MESSAGE_NOT_FOUND,
                        "there is no dead letter " + id + ", or it was sent again, deleted, or is too old"));
    }

    private DiscardReply discard(DiscardRequest request, Deadline deadline) {
        String product = product(request.getProduct());
        return switch (request.getWhichCase()) {
            case LETTER_ID -> {
                boolean gone = letters.discard(product, id(request.getLetterId()), request.getSeq());
                yield DiscardReply.newBuilder().setDiscarded(gone ? 1 : 0).build();
            }
            case KIND -> {
                MysqlDeadLetters.Discarded all = letters.discardKind(
                        product,
                        DeadLetter.requireKind("kind", request.getKind()),
                        deadline.atMost(Duration.ofNanos(deadline.remainingNanos() / 2)));
                yield DiscardReply.newBuilder()
                        .setDiscarded(all.count())
                        .setMore(all.more())
                        .build();
            }
            case WHICH_NOT_SET -> throw LonglineException.invalid("which", "expected letter_id or kind");
        };
    }

    private static String product(String product) {
        return Ids.requireProduct("product", product);
    }

    private static String id(String id) {
        return DeadLetter.requireId("letter_id", id);
    }
}
