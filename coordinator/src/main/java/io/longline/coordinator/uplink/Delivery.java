package io.longline.coordinator.uplink;

import io.longline.coordinator.UplinkMetrics;
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

    private final UplinkStore store;
    private final UplinkReplies replies;
    private final UplinkMetrics metrics;

    Delivery(UplinkStore store, UplinkReplies replies, UplinkMetrics metrics) {
        this.store = store;
        this.replies = replies;
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
            Optional<List<Kept>> kept = store.bodies(stream, fence, batch);
            if (kept.isEmpty()) {
                return End.LEASE_LOST;
            }
            return kept.get().isEmpty() ? End.DONE : post(stream, kept.get(), gate);
        } catch (LonglineException e) {
            storeFailed(e);
            return End.NOT_TRIED;
        } catch (RuntimeException e) {
            log.error("a fault of ours, the uplinks are tried again stream={}", stream, e);
            return End.FAILED;
        }
    }

    void storeFailed(LonglineException e) {
        metrics.storeFailed();
        log.debug("the streams of uplinks cannot be read or written, and are tried on error={}", e.getMessage());
    }

    private End post(Stream stream, List<Kept> kept, Gate gate) {
        CallbackOutcome outcome = gate.post(UplinkEvents.body(stream, kept));
        log.debug("uplinks posted stream={} events={} outcome={}", stream, kept.size(), outcome);
        return switch (outcome) {
            case CallbackOutcome.Taken taken -> {
                metrics.delivered(kept.size());
                reply(stream, kept, taken);
                yield End.DONE;
            }
            case CallbackOutcome.Refused refused -> {
                metrics.undelivered(UplinkMetrics.Failure.REFUSED, kept.size());
                yield NOT_NOW.contains(refused.status()) ? End.FAILED : End.REFUSED;
            }
            case CallbackOutcome.Unanswered _ -> {
                metrics.undelivered(UplinkMetrics.Failure.UNANSWERED, kept.size());
                yield End.FAILED;
            }
            case CallbackOutcome.Spared _ -> {
                metrics.undelivered(UplinkMetrics.Failure.SPARED, kept.size());
                yield End.NOT_TRIED;
            }
        };
    }

    /** Whatever becomes of the replies, the uplinks were taken. */
    private void reply(Stream stream, List<Kept> kept, CallbackOutcome.Taken taken) {
        try {
            replies.push(stream, kept, taken.answer());
        } catch (RuntimeException e) {
            log.error("a fault of ours, replies are lost stream={}", stream, e);
        }
    }
}
