package io.longline.room.handshake;

import io.longline.frames.CloseCode;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.FieldProblem;
import io.longline.keeper.error.LonglineException;
import io.longline.room.transport.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Asks another service for all binds of a batch at once, and again for those that found nobody there, until the deadline:
 * a service that is being restarted is waited for and not told to the client. What fails in the end is refused with 3003,
 * what the product does not allow, and who is blocked, with 3505.
 *
 * <p>Each round looks who is still there: a client whose link has closed meanwhile may be bound on another one, and would lose that to
 * a bind of the older link which comes after it (DESIGN, promise 5).
 */
final class Rounds {
    /** The reason of what a register refuses because this room was declared gone. */
    static final String INCARNATION_GONE = "the room is taken for dead";

    /** The reason of what a register refuses because the product lets in no more devices of a user. */
    private static final String OTHER_DEVICES = "other devices of the user are connected";

    /** Of a refusal where a back end has the user or the device blocked: what names its reason. */
    private static final String BLOCKED = "blocked";

    private static final Duration BLOCKED_RETRY = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Rounds() {}

    static <T> void ask(
            BindBatch batch, Function<BindAttempt, CompletableFuture<T>> call, BiConsumer<BindAttempt, T> answered) {
        List<BindAttempt> open = stillThere(batch.toBeBound());
        while (!open.isEmpty()) {
            boolean last = batch.deadline().remainingNanos() <= PAUSE.toNanos();
            List<CompletableFuture<T>> calls = open.stream().map(call).toList();
            List<BindAttempt> unanswered = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                try {
                    answered.accept(open.get(i), calls.get(i).join());
                } catch (CompletionException | LonglineException e) {
                    LonglineException error = ErrorTranslator.fromAny(e);
                    if (error.code() == ErrorCode.DEPENDENCY_DOWN && !last) {
                        unanswered.add(open.get(i));
                    } else {
                        refuse(open.get(i), error);
                    }
                }
            }
            open = unanswered;
            if (!open.isEmpty()) {
                LockSupport.parkNanos(PAUSE.toNanos());
                open = stillThere(open);
            }
        }
    }

    private static List<BindAttempt> stillThere(List<BindAttempt> attempts) {
        for (BindAttempt attempt : attempts) {
            if (Objects.requireNonNull(attempt.session()).isEnded()) {
                attempt.refuse(CloseCode.GOING_AWAY, "the session has ended");
            }
        }
        return attempts.stream().filter(BindAttempt::toBeBound).toList();
    }

    private static void refuse(BindAttempt attempt, LonglineException error) {
        if (error.code() == ErrorCode.PERMISSION_DENIED) { // by the register alone
            Duration after = error.retryAfter().orElse(BLOCKED_RETRY);
            attempt.refuse(Ending.of(CloseCode.BLOCKED, whyBlocked(error)).retryAfter(after.toMillis()));
            return;
        }
        String reason = error.dependency()
                .map(name -> name + " is away")
                .orElse(error.code().name());
        attempt.refuse(CloseCode.OVERLOADED, RegisterClient.saysGone(error) ? INCARNATION_GONE : reason);
    }

    private static String whyBlocked(LonglineException error) {
        return error.details().stream()
                .filter(detail -> detail.field().equals(BLOCKED))
                .map(FieldProblem::problem)
                .findFirst()
                .orElse(OTHER_DEVICES);
    }
}
