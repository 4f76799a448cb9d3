package io.longline.center.unicast;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.center.CenterMetrics;
import io.longline.center.message.AckWait;
import io.longline.center.message.MessageAnswer;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.quota.Admission;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import io.longline.center.traffic.Traffic;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.http.HttpResponse;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a body asked for, whichever kind of request it came with. */
public final class Sender {
    private static final Logger log = LoggerFactory.getLogger(Sender.class);
    private static final int TOO_MANY = 429;
    private static final Duration A_MOMENT = Duration.ofSeconds(10);

    private final Admission admission;
    private final Idempotency idempotency;
    private final AckWait ackWait;
    private final Duration patience;
    private final Traffic traffic;
    private final CenterMetrics metrics;

    /** @param patience how long one push may take, but for the {@code wait_ms} that it asks for */
    public Sender(
            Admission admission,
            Idempotency idempotency,
            AckWait ackWait,
            Duration patience,
            Traffic traffic,
            CenterMetrics metrics) {
        this.admission = admission;
        this.idempotency = idempotency;
        this.ackWait = ackWait;
        this.patience = patience;
        this.traffic = traffic;
        this.metrics = metrics;
    }

    /**
     * What became of a push.
     *
     * @param targets in the order of the push
     * @param replayed it was sent before
     */
    public record Sent(Push push, List<TargetAnswer> targets, boolean replayed) {

        public Sent {
            targets = List.copyOf(targets);
        }

        /** All endpoints of all targets. Where there is one target and it failed, its error is thrown. */
        public MessageAnswer answer() {
            List<EndpointResult> results = push.multicast()
                    ? targets.stream()
                            .flatMap(target -> target.results().stream())
                            .toList()
                    : targets.getFirst().orThrow();
            return new MessageAnswer(push.messageId(), results);
        }

        /** What the back end is told, with the status that goes with it. */
        public HttpResponse response(ObjectNode json) {
            HttpResponse response = HttpResponse.json(answer().httpStatus(), json);
            return replayed ? response.header("Idempotent-Replay", "true") : response;
        }

        private Sent with(List<EndpointResult> newer) {
            Iterator<EndpointResult> results = newer.iterator();
            List<TargetAnswer> advanced = new ArrayList<>();
            for (TargetAnswer target : targets) {
                List<EndpointResult> own =
                        target.results().stream().map(_ -> results.next()).toList();
                advanced.add(new TargetAnswer(target.target(), own, target.error(), target.fresh()));
            }
            return new Sent(push, advanced, replayed);
        }
    }

    /** Returns when it is sent, before anybody can have acknowledged it. What fails for all targets is thrown. */
    public Sent send(Push push, String requestId) {
        if (push.validateOnly() || push.targets().isEmpty()) {
            idempotency.validate(push);
            return new Sent(
                    push,
                    push.targets().stream()
                            .map(target -> TargetAnswer.of(target, List.of()))
                            .toList(),
                    false);
        }
        long begin = System.nanoTime();
        Deadline deadline = Deadline.after(patience);
        Idempotency.Answered answered = admitted(push, deadline);
        requireSuccess(answered.targets());
        Sent sent = new Sent(push, answered.targets(), answered.replayed());
        MessageAnswer answer = sent.answer();
        metrics.pushed(answer.status(), System.nanoTime() - begin);
        log.debug(
                "pushed message_id={} product={} targets={} status={} request_id={}",
                push.messageId(),
                push.product(),
                push.targets().size(),
                answer.status(),
                requestId);
        return sent;
    }

    private Idempotency.Answered admitted(Push push, Deadline deadline) {
        Idempotency.Answered answered;
        try {
            answered = idempotency.send(push, refused(push, deadline), deadline);
        } catch (LonglineException e) {
            count(push, 0, isRefusal(e) ? push.targets().size() : 0);
            throw e;
        }
        long refused = answered.targets().stream()
                .flatMap(target -> Optional.ofNullable(target.error()).stream())
                .filter(Sender::isRefusal)
                .count();
        count(push, answered.fresh(), (int) refused);
        return answered;
    }

    /**
     * Targets that are over a limit. A message that was taken before is over none: its back end gets its answer. Where it may come
     * again in a moment that is not looked at, as what is refused must cost little.
     */
    private Map<Target, LonglineException> refused(Push push, Deadline deadline) {
        try {
            return admission.admit(push, deadline);
        } catch (LonglineException e) {
            if (isRefusal(e) && isForLong(e) && isRepeated(push, deadline)) {
                return Map.of();
            }
            throw e;
        }
    }

    private static boolean isForLong(LonglineException refusal) {
        return refusal.retryAfter().filter(time -> time.compareTo(A_MOMENT) > 0).isPresent();
    }

    private boolean isRepeated(Push push, Deadline deadline) {
        try {
            return idempotency.isRepeated(push, deadline);
        } catch (LonglineException e) {
            if (e.code().retryable()) {
                return false; // nobody knows, and the limit stands
            }
            throw e;
        }
    }

    private void count(Push push, int accepted, int refused) {
        traffic.accepted(push.product(), accepted);
        traffic.refused(push.product(), refused);
    }

    private static boolean isRefusal(LonglineException error) {
        return error.code().http() == TOO_MANY;
    }

    /** Of several reasons the one that is told must not hide that the message may have been sent to some of them. */
    private static void requireSuccess(List<TargetAnswer> targets) {
        List<LonglineException> errors = targets.stream()
                .flatMap(target -> Optional.ofNullable(target.error()).stream())
                .toList();
        if (errors.size() == targets.size()) {
            throw errors.stream()
                    .filter(error -> error.code() != ErrorCode.USER_RATE_EXCEEDED)
                    .findFirst()
                    .orElseGet(errors::getFirst);
        }
    }

    /** The same as it is when every endpoint has come to its end, or when {@code wait_ms} is over. What is to be sent later is not waited for. */
    public Sent awaitAcks(Sent sent) {
        MessageAnswer answer = sent.answer();
        return answer.results().isEmpty() || answer.status() == Status.SCHEDULED
                ? sent
                : sent.with(ackWait.await(sent.push(), answer).results());
    }
}
