package io.longline.coordinator.outbox;

import io.longline.coordinator.OutboxMetrics;
import io.longline.coordinator.callback.CallbackOutcome;
import io.longline.coordinator.callback.Gate;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries one batch to its callback, and waits. */
final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    /** What who is not there, or has too much to do, answers or is said of him: it is not about the events. */
    private static final Set<Integer> NOT_NOW = Set.of(429, 502, 503, 504);

    private final OutboxStore store;
    private final Answers answers;
    private final OutboxMetrics metrics;

    Delivery(OutboxStore store, Answers answers, OutboxMetrics metrics) {
        this.store = store;
        this.answers = answers;
        this.metrics = metrics;
    }

    /** How it ended. */
    enum End {
        /** The back end has it. */
        DONE,
        /** The back end was asked and does not have it, whatever else it would have been sent. */
        FAILED,
        /** The back end does not take it as it is; it may take parts of it. */
        REFUSED,
        /** The back end was not asked. */
        NOT_TRIED,
        /** The lease is another's now. */
        LEASE_LOST
    }

    /** Never throws. */
    End carry(Stream stream, long fence, List<Ref> batch, Gate gate) {
        try {
            Optional<List<Event>> kept = store.bodies(stream, fence, batch);
            if (kept.isEmpty()) {
                return End.LEASE_LOST;
            }
            return kept.get().isEmpty() ? End.DONE : post(stream, kept.get(), gate);
        } catch (LonglineException e) {
            storeFailed(e);
            return End.NOT_TRIED;
        } catch (RuntimeException e) {
            log.error("a fault of ours, the events are tried again stream={}", stream, e);
            return End.FAILED;
        }
    }

    void storeFailed(LonglineException e) {
        metrics.storeFailed();
        log.debug("the streams of events cannot be read or written, and are tried on error={}", e.getMessage());
    }

    private End post(Stream stream, List<Event> kept, Gate gate) {
        CallbackOutcome outcome = gate.post(EventJson.body(kept));
        log.debug("uplinks posted stream={} events={} outcome={}", stream, kept.size(), outcome);
        return switch (outcome) {
            case CallbackOutcome.Taken taken -> {
                metrics.delivered(stream.kind(), kept.size());
                answer(stream, kept, taken);
                yield End.DONE;
            }
            case CallbackOutcome.Refused refused -> {
                metrics.undelivered(OutboxMetrics.Failure.REFUSED, kept.size());
                yield NOT_NOW.contains(refused.status()) ? End.FAILED : End.REFUSED;
            }
            case CallbackOutcome.Unanswered _ -> {
                metrics.undelivered(OutboxMetrics.Failure.UNANSWERED, kept.size());
                yield End.FAILED;
            }
            case CallbackOutcome.Spared _ -> {
                metrics.undelivered(OutboxMetrics.Failure.SPARED, kept.size());
                yield End.NOT_TRIED;
            }
        };
    }

    /** Whatever becomes of the answer, the events were taken. */
    private void answer(Stream stream, List<Event> kept, CallbackOutcome.Taken taken) {
        try {
            answers.take(kept, taken.answer());
        } catch (RuntimeException e) {
            log.error("a fault of ours, the answer is lost stream={}", stream, e);
        }
    }
}
