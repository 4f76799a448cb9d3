package io.longline.center.unicast;

import io.longline.center.clock.StoreClock;
import io.longline.center.message.MessageClient;
import io.longline.center.push.Push;
import io.longline.center.push.PushOptions;
import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.center.schedule.ScheduleClient;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The layer before the flow that makes repeated ids harmless: claim first, with the body's hash; answer last. An id that was claimed but
 * never answered (center died, or another request is still at it) is run again, which changes nothing: saver refuses a second copy.
 */
public final class Idempotency {
    private final SaverClient saver;
    private final MessageClient messages;
    private final PushFlow flow;
    private final ScheduleClient schedule;
    private final StoreClock clock;

    public Idempotency(
            SaverClient saver, MessageClient messages, PushFlow flow, ScheduleClient schedule, StoreClock clock) {
        this.saver = saver;
        this.messages = messages;
        this.flow = flow;
        this.schedule = schedule;
        this.clock = clock;
    }

    /**
     * What is answered.
     *
     * @param targets of the push, in their order
     * @param replayed somebody had claimed the id before
     * @param fresh to so many of them it was sent, or is to be, by this very request
     */
    record Answered(List<TargetAnswer> targets, boolean replayed, int fresh) {

        static Answered of(List<TargetAnswer> targets, boolean replayed) {
            return new Answered(targets, replayed, successes(targets));
        }
    }

    private static int successes(List<TargetAnswer> targets) {
        return (int) targets.stream().filter(target -> target.error() == null).count();
    }

    /** What is to be sent too far ahead is refused, as far as the time is known without waiting for anything. */
    void validate(Push push) {
        if (push.options().sendAtMs() > 0) {
            requireInRange(push, clock.estimate());
        }
    }

    private static void requireInRange(Push push, long nowMs) {
        long latest = nowMs + PushOptions.MAX_AHEAD.toMillis();
        if (push.options().sendAtMs() > latest) {
            throw LonglineException.invalid(
                    "options.send_at_ms",
                    "expected at most " + PushOptions.MAX_AHEAD.toDays() + " days ahead, which is " + latest + ", got "
                            + push.options().sendAtMs());
        }
    }

    /** Whether its id was taken before: then it is sent again, which changes nothing, whatever limit there is now. */
    boolean isRepeated(Push push, Deadline deadline) {
        return push.repeatable() && saver.isClaimed(push, deadline);
    }

    /**
     * All times are the store's, whatever the clock of this process says.
     *
     * @param refused targets that it is not sent to now, with the reason; what is sent later is kept for all of them or for none
     */
    Answered send(Push push, Map<Target, LonglineException> refused, Deadline deadline) {
        if (push.options().sendAtMs() > 0) {
            long now = clock.millis(deadline);
            requireInRange(push, now);
            if (push.options().sendAtMs() > now) {
                for (LonglineException why : refused.values()) {
                    throw why;
                }
                return keep(push, deadline);
            }
        }
        return sendNow(push, refused, deadline);
    }

    /** It is claimed by being kept. */
    private Answered keep(Push push, Deadline deadline) {
        ScheduleClient.Keeping keeping = schedule.keep(push, deadline);
        if (keeping == ScheduleClient.Keeping.OVER) {
            Optional<List<TargetAnswer>> before = recorded(push, deadline);
            if (before.isPresent()) {
                return new Answered(before.get(), true, 0);
            }
            keeping = schedule.keep(push, deadline); // the record was lost with Redis since
        }
        List<TargetAnswer> kept = push.targets().stream()
                .map(target -> TargetAnswer.of(
                        target,
                        List.of(EndpointResult.scheduled(
                                target.user(), Objects.requireNonNullElse(target.device(), "")))))
                .toList();
        boolean first = keeping == ScheduleClient.Keeping.KEPT;
        return new Answered(kept, !first, first ? kept.size() : 0);
    }

    /**
     * One that is due, to those of its targets that it has not been sent to yet.
     *
     * @param again it was begun before, perhaps by a center that died
     */
    public List<TargetAnswer> sendDue(Push push, boolean again, Deadline deadline) {
        List<TargetAnswer> before = again ? recorded(push, deadline).orElse(List.of()) : List.of();
        List<Target> reached = before.stream()
                .filter(answer -> answer.results().stream().anyMatch(result -> !result.isWithoutCopy()))
                .map(TargetAnswer::target)
                .toList();
        List<Target> left = new ArrayList<>(push.targets());
        left.removeAll(Set.copyOf(reached));
        List<Expansion> targets = flow.expand(push.to(left), Map.of(), deadline);
        return flow.send(push, targets, push.options().sendAtMs(), deadline);
    }

    private Answered sendNow(Push push, Map<Target, LonglineException> refused, Deadline deadline) {
        List<Expansion> targets = flow.expand(push, refused, deadline); // while the id is claimed
        if (!push.repeatable()) {
            return Answered.of(flow.send(push, targets, sentAtMs(push, deadline), deadline), false);
        }
        SaverClient.Claim claim = saver.claim(push, deadline);
        if (claim.recorded()) {
            Optional<List<TargetAnswer>> before = recorded(push, deadline);
            if (before.isPresent()) {
                return completed(push, targets, before.get(), claim, deadline);
            }
            claim = saver.claim(push, deadline); // the record was lost with Redis since
        }
        if (claim.recalled()) {
            return new Answered(flow.recall(push, at(claim.chosen(), targets), deadline), true, 0);
        }
        List<Expansion> chosen = chosen(push, targets, claim, deadline);
        return Answered.of(flow.send(push, chosen, sentAtMs(push, claim), deadline), !claim.isNew());
    }

    /** With {@code devices: latest} the device that was chosen first: a run before this one may have stored it there. */
    private List<Expansion> chosen(Push push, List<Expansion> targets, SaverClient.Claim claim, Deadline deadline) {
        Map<Target, String> choices = new HashMap<>();
        for (Expansion target : targets) {
            if (!claim.chosen().containsKey(target.target().user())) {
                target.choice().ifPresent(device -> choices.put(target.target(), device));
            }
        }
        List<Expansion> known = at(claim.chosen(), targets);
        return choices.isEmpty() ? known : at(saver.choose(push, choices, deadline), known);
    }

    private static List<Expansion> at(Map<String, String> chosen, List<Expansion> targets) {
        return targets.stream()
                .map(target -> {
                    String device = chosen.get(target.target().user());
                    return device == null ? target : target.at(device);
                })
                .toList();
    }

    private Optional<List<TargetAnswer>> recorded(Push push, Deadline deadline) {
        try {
            List<EndpointResult> copies =
                    messages.look(push.product(), push.messageId(), deadline).results();
            return Optional.of(TargetAnswer.ofRecord(push.targets(), copies));
        } catch (LonglineException e) {
            if (e.code() != ErrorCode.MESSAGE_NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Those of a list that failed the last time are sent to now, unless it was recalled. */
    private Answered completed(
            Push push, List<Expansion> targets, List<TargetAnswer> before, SaverClient.Claim claim, Deadline deadline) {
        List<Integer> missing = IntStream.range(0, before.size())
                .filter(i -> before.get(i).results().isEmpty())
                .boxed()
                .toList();
        List<TargetAnswer> answers = new ArrayList<>(before);
        List<Expansion> left = missing.stream().map(targets::get).toList();
        List<TargetAnswer> sent = claim.recalled()
                ? flow.recall(push, at(claim.chosen(), left), deadline)
                : flow.send(push, chosen(push, left, claim, deadline), sentAtMs(push, claim), deadline);
        for (int i = 0; i < missing.size(); i++) {
            answers.set(missing.get(i), sent.get(i));
        }
        return new Answered(answers, true, claim.recalled() ? 0 : successes(sent));
    }

    /** One that was claimed before it was due, and has been lost since, is sent as of that moment. */
    private static long sentAtMs(Push push, SaverClient.Claim claim) {
        return Math.max(claim.claimedAtMs(), push.options().sendAtMs());
    }

    /** What is not stored need not wait for the store's time. */
    private long sentAtMs(Push push, Deadline deadline) {
        return push.options().qos() == 0 ? clock.estimate() : clock.millis(deadline);
    }
}
