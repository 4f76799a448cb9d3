package io.longline.coordinator.outbox;

import io.longline.coordinator.OutboxMetrics;
import io.longline.coordinator.callback.CallbackOutcome;
import io.longline.coordinator.callback.Gate;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries parcels to their callback, and waits. */
final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    /** What who is not there, or has too much to do, answers or is said of him: it is not about the events. */
    private static final Set<Integer> NOT_NOW = Set.of(429, 502, 503, 504);

    private final OutboxStore store;
    private final Answers answers;
    private final OutboxMetrics metrics;
    private final Executor threads;

    /** @param threads on which the bodies of parcels are read side by side */
    Delivery(OutboxStore store, Answers answers, OutboxMetrics metrics, Executor threads) {
        this.store = store;
        this.answers = answers;
        this.metrics = metrics;
        this.threads = threads;
    }

    /**
     * What came of a request.
     *
     * @param why the back end does not have it
     */
    private record Outcome(DeliveryOutcome outcome, String why) {}

    /** A parcel with what it says. */
    private record Loaded(Parcel parcel, List<Event> events) {

        void end(Outcome outcome) {
            parcel.end().come(outcome.outcome, outcome.why);
        }
    }

    /** Carries parcels of one callback in one request, and tells each what came of it. Never throws. */
    void carry(List<Parcel> parcels, Gate gate) {
        if (gate.spares()) {
            parcels.forEach(parcel -> parcel.end().come(DeliveryOutcome.NOT_TRIED)); // not read for nobody
            return;
        }
        List<Loaded> loaded = load(parcels);
        if (!loaded.isEmpty()) {
            post(loaded, gate);
        }
    }

    /** Those with something to say; the others have ended. */
    private List<Loaded> load(List<Parcel> parcels) {
        List<CompletableFuture<Optional<Loaded>>> reading = parcels.stream()
                .map(parcel -> CompletableFuture.supplyAsync(() -> load(parcel), threads))
                .toList();
        return reading.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Loaded> load(Parcel parcel) {
        DeliveryOutcome ended;
        try {
            Optional<List<Event>> events = store.bodies(parcel.stream(), parcel.fence(), parcel.refs());
            if (events.isPresent() && !events.get().isEmpty()) {
                return Optional.of(new Loaded(parcel, events.get()));
            }
            ended = events.isEmpty() ? DeliveryOutcome.LEASE_LOST : DeliveryOutcome.DONE;
        } catch (LonglineException e) {
            storeFailed(e);
            ended = DeliveryOutcome.NOT_TRIED;
        } catch (RuntimeException e) {
            log.error("a fault of ours, the events are tried again stream={}", parcel.stream(), e);
            ended = DeliveryOutcome.FAILED;
        }
        parcel.end().come(ended);
        return Optional.empty();
    }

    void storeFailed(LonglineException e) {
        metrics.storeFailed();
        log.debug("the streams of events cannot be read or written, and are tried on error={}", e.getMessage());
    }

    /** Where several are refused, one of them may be the reason: they go in parts, so that the others do not wait for it. */
    private void post(List<Loaded> loaded, Gate gate) {
        Outcome outcome = postOnce(loaded, gate);
        if (outcome.outcome != DeliveryOutcome.REFUSED || loaded.size() == 1) {
            loaded.forEach(each -> each.end(outcome));
            return;
        }
        int part = StreamQueue.partOf(loaded.size());
        for (int from = 0; from < loaded.size(); from += part) {
            post(loaded.subList(from, Math.min(from + part, loaded.size())), gate);
        }
    }

    private Outcome postOnce(List<Loaded> loaded, Gate gate) {
        List<Event> events = new ArrayList<>();
        loaded.forEach(each -> events.addAll(each.events));
        Stream stream = loaded.getFirst().parcel.stream();
        try {
            CallbackOutcome outcome = gate.post(EventJson.body(events));
            log.debug(
                    "posted stream={} parcels={} events={} outcome={}", stream, loaded.size(), events.size(), outcome);
            return new Outcome(settle(stream, events, outcome), outcome.inShort());
        } catch (RuntimeException e) {
            log.error("a fault of ours, the events are tried again stream={}", stream, e);
            return new Outcome(DeliveryOutcome.FAILED, "no answer");
        }
    }

    private DeliveryOutcome settle(Stream stream, List<Event> events, CallbackOutcome outcome) {
        return switch (outcome) {
            case CallbackOutcome.Taken taken -> {
                metrics.delivered(stream.kind(), events.size());
                answer(stream, events, taken);
                yield DeliveryOutcome.DONE;
            }
            case CallbackOutcome.Refused refused -> {
                metrics.undelivered(OutboxMetrics.Failure.REFUSED, events.size());
                yield NOT_NOW.contains(refused.status()) ? DeliveryOutcome.FAILED : DeliveryOutcome.REFUSED;
            }
            case CallbackOutcome.Unanswered _ -> {
                metrics.undelivered(OutboxMetrics.Failure.UNANSWERED, events.size());
                yield DeliveryOutcome.FAILED;
            }
            case CallbackOutcome.Spared _ -> {
                metrics.undelivered(OutboxMetrics.Failure.SPARED, events.size());
                yield DeliveryOutcome.NOT_TRIED;
            }
        };
    }

    /** Whatever becomes of the answer, the events were taken. */
    private void answer(Stream stream, List<Event> events, CallbackOutcome.Taken taken) {
        try {
            answers.take(events, taken.answer());
        } catch (RuntimeException e) {
            log.error("a fault of ours, the answer is lost stream={}", stream, e);
        }
    }
}
