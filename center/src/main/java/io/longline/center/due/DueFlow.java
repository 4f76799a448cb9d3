package io.longline.center.due;

import io.longline.center.CenterMetrics;
import io.longline.center.clock.StoreClock;
import io.longline.center.push.Push;
import io.longline.center.result.Status;
import io.longline.center.schedule.DuePush;
import io.longline.center.schedule.ScheduleClient;
import io.longline.center.schedule.ScheduleWire;
import io.longline.center.unicast.Idempotency;
import io.longline.center.unicast.TargetAnswer;
import io.longline.center.unicast.UntakenClient;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one message that is due. What fails at some targets for a while is tried there again later, until the message's time is over; the others
 * have it by then.
 */
public final class DueFlow {
    private static final Logger log = LoggerFactory.getLogger(DueFlow.class);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 6;

    private final Idempotency idempotency;
    private final ScheduleClient schedule;
    private final UntakenClient untaken;
    private final StoreClock clock;
    private final CenterMetrics metrics;

    public DueFlow(
            Idempotency idempotency,
            ScheduleClient schedule,
            UntakenClient untaken,
            StoreClock clock,
            CenterMetrics metrics) {
        this.idempotency = idempotency;
        this.schedule = schedule;
        this.untaken = untaken;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Never throws: what is not finished nor put off is begun again. */
    void run(DuePush due, Deadline deadline) {
        try {
            Push push = ScheduleWire.push(due);
            List<TargetAnswer> failed = idempotency.sendDue(push, due.tries() > 1, deadline).stream()
                    .filter(answer -> answer.error() != null)
                    .toList();
            conclude(due, push, failed, deadline);
        } catch (LonglineException e) {
            log.debug("due, and not sent message_id={} product={}", due.messageId(), due.product(), e);
            postpone(due, false, deadline);
        } catch (RuntimeException e) {
            log.error("due, and not sent message_id={} product={}", due.messageId(), due.product(), e);
            postpone(due, false, deadline);
        }
    }

    private void conclude(DuePush due, Push push, List<TargetAnswer> failed, Deadline deadline) {
        boolean over = clock.estimate() >= due.sendAtMs() + push.options().ttl().toMillis();
        if (!over && failed.stream().anyMatch(DueFlow::isPassing)) {
            postpone(due, failed.stream().allMatch(DueFlow::isCertain), deadline);
            return;
        }
        schedule.finish(
                due,
                failed.stream()
                        .filter(DueFlow::isPassing)
                        .map(TargetAnswer::target)
                        .toList(),
                failed.stream()
                        .filter(answer -> !isPassing(answer))
                        .map(TargetAnswer::target)
                        .toList(),
                deadline);
        failed.stream()
                .filter(answer ->
                        !isPassing(answer) || isCertain(answer)) // of the others a copy may be there, and tell
                .forEach(answer -> tell(push, answer));
        metrics.dueSent(clock.estimate() - due.sendAtMs());
        log.debug(
                "sent when due message_id={} product={} targets={} failed={}",
                due.messageId(),
                due.product(),
                push.targets().size(),
                failed.size());
    }

    private void tell(Push push, TargetAnswer answer) {
        Status end = isPassing(answer) ? Status.EXPIRED : Status.DROPPED;
        String reason = end == Status.DROPPED ? "failed" : null;
        untaken.tell(push, answer.target().user(), answer.target().device(), end, reason);
    }

    private static boolean isPassing(TargetAnswer answer) {
        return code(answer).retryable();
    }

    /** It is in none of the target's inboxes. Of the inboxes of several devices one may have taken it where another found no memory. */
    private static boolean isCertain(TargetAnswer answer) {
        return switch (code(answer)) {
            case INBOX_FULL -> true;
            case QUEUE_FULL -> answer.target().device() != null;
            default -> false;
        };
    }

    private static ErrorCode code(TargetAnswer answer) {
        LonglineException error = answer.error();
        return error == null ? ErrorCode.INTERNAL : error.code();
    }

    private void postpone(DuePush due, boolean certain, Deadline deadline) {
        metrics.duePostponed();
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(due.tries() - 1, MOST_DOUBLINGS));
        try {
            schedule.postpone(due, delay, certain, deadline);
        } catch (LonglineException e) {
            log.debug("not put off, it comes again by itself message_id={}", due.messageId(), e);
        }
    }
}
