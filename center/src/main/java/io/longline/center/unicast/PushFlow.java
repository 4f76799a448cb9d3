package io.longline.center.unicast;

import io.longline.center.CenterMetrics;
import io.longline.center.endpoint.Endpoint;
import io.longline.center.endpoint.Location;
import io.longline.center.place.PlaceCache;
import io.longline.center.push.Outgoing;
import io.longline.center.push.Push;
import io.longline.center.push.Target;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A push to users, in the five steps of the design: expand, store, locate, hand over, answer. All endpoints go through each step
 * together; of a long list, those of some hundred targets do. From the store on, the message is safe: whatever fails behind it leaves the
 * copy unsent, and the sweep makes it good. What fails before fails for its target alone.
 */
public final class PushFlow {
    /** So that a list takes turns with all else that goes to the same rooms. */
    private static final int TARGETS_AT_ONCE = 250;

    private final RegisterClient register;
    private final SaverClient saver;
    private final HandOverFlow handOver;
    private final PlaceCache places;
    private final UntakenClient untaken;
    private final Duration settling;
    private final CenterMetrics metrics;

    /** @param settling how long an answer waits for the store to have what it says; beyond, saver and the sweep go on without it */
    public PushFlow(
            RegisterClient register,
            SaverClient saver,
            HandOverFlow handOver,
            PlaceCache places,
            UntakenClient untaken,
            Duration settling,
            CenterMetrics metrics) {
        this.register = register;
        this.saver = saver;
        this.handOver = handOver;
        this.places = places;
        this.untaken = untaken;
        this.settling = settling;
        this.metrics = metrics;
    }

    /**
     * Step one: whom it goes to. It changes nothing, so it may be asked before it is known whether it is needed.
     *
     * @param refused targets that it does not go to, with the reason
     */
    List<Expansion> expand(Push push, Map<Target, LonglineException> refused, Deadline deadline) {
        return push.targets().stream()
                .map(target -> {
                    LonglineException why = refused.get(target);
                    return why == null
                            ? Expansion.ask(push, target, register, places, deadline)
                            : Expansion.refused(push, target, places, why);
                })
                .toList();
    }

    /**
     * The others, for all targets of the push or some.
     *
     * @param sentAtMs when the message was sent, which its time to live begins with
     * @return what became of it at each, in their order
     */
    List<TargetAnswer> send(Push push, List<Expansion> targets, long sentAtMs, Deadline deadline) {
        return send(push, Outgoing.of(push, sentAtMs), targets, deadline);
    }

    /**
     * All steps for a part of a long list. There is no record of the message: its job knows to whom it goes.
     *
     * @param refused as for {@link #expand}
     */
    public List<TargetAnswer> sendOfJob(
            Push push, String jobId, Map<Target, LonglineException> refused, long sentAtMs, Deadline deadline) {
        return send(push, Outgoing.ofJob(push, sentAtMs, jobId), expand(push, refused, deadline), deadline);
    }

    private List<TargetAnswer> send(Push push, Outgoing message, List<Expansion> targets, Deadline deadline) {
        List<TargetAnswer> answers = new ArrayList<>();
        boolean recalled = false;
        for (int from = 0; from < targets.size(); from += TARGETS_AT_ONCE) {
            List<Expanded> some = targets.subList(from, Math.min(targets.size(), from + TARGETS_AT_ONCE)).stream()
                    .map(Expanded::of)
                    .toList();
            if (recalled) {
                some.forEach(to -> answers.add(TargetAnswer.recalled(to.target)));
            } else if (push.options().qos() == 0) {
                answers.addAll(toConnected(push, some, message, deadline));
            } else {
                Part part = toInboxes(push, some, message, deadline);
                answers.addAll(part.answers);
                recalled = part.recalled;
            }
        }
        return answers;
    }

    /** What became of some targets, and whether the message was recalled meanwhile. */
    private record Part(List<TargetAnswer> answers, boolean recalled) {}

    /** Instead of sending what was recalled: a run before this one may have stored it there and died before anybody was told. */
    List<TargetAnswer> recall(Push push, List<Expansion> targets, Deadline deadline) {
        return targets.stream()
                .map(Expanded::of)
                .map(to -> to.error == null ? recall(push, to, deadline) : TargetAnswer.failed(to.target, to.error))
                .toList();
    }

    private TargetAnswer recall(Push push, Expanded to, Deadline deadline) {
        List<CompletableFuture<Status>> asked = to.endpoints.stream()
                .map(endpoint -> saver.refuse(endpoint, push.messageId(), deadline))
                .toList();
        List<EndpointResult> results = new ArrayList<>();
        try {
            for (int i = 0; i < asked.size(); i++) {
                Endpoint at = to.endpoints.get(i);
                Status status = Unanswered.join("saver", asked.get(i));
                results.add(new EndpointResult(at.user(), at.device(), status, null, 0));
            }
        } catch (LonglineException e) {
            return TargetAnswer.failed(to.target, e);
        }
        return TargetAnswer.of(to.target, results);
    }

    /**
     * A target whose endpoints are known.
     *
     * @param error why they are not
     */
    private record Expanded(
            Target target,
            List<Endpoint> endpoints,
            @Nullable LonglineException error) {

        static Expanded of(Expansion expansion) {
            try {
                return new Expanded(expansion.target(), expansion.endpoints(), null);
            } catch (LonglineException e) {
                return new Expanded(expansion.target(), List.of(), e);
            }
        }
    }

    /**
     * A target whose copies are stored.
     *
     * @param copies those that are
     * @param error why not all of them are
     */
    private record Stored(
            Target target,
            List<StoredCopy> copies,
            @Nullable LonglineException error) {

        /** Waits for the copies of one user. Where all inboxes are full that is the error; where some are, it is their copy's end. */
        static Stored of(Expanded to, List<CompletableFuture<StoredCopy>> asked) {
            List<StoredCopy> copies = new ArrayList<>();
            LonglineException error = to.error;
            int full = 0;
            for (int i = 0; i < asked.size(); i++) {
                try {
                    copies.add(asked.get(i).join());
                } catch (CompletionException e) {
                    LonglineException why = Unanswered.by("saver", e);
                    if (why.code() != ErrorCode.INBOX_FULL || ++full == asked.size()) {
                        error = why;
                    } else {
                        copies.add(StoredCopy.inboxFull(to.endpoints.get(i)));
                    }
                }
            }
            return new Stored(to.target, copies, error);
        }

        int fresh() {
            return (int) copies.stream()
                    .filter(copy -> copy.seq() != 0 && !copy.repeated())
                    .count();
        }
    }

    private Part toInboxes(Push push, List<Expanded> targets, Outgoing message, Deadline deadline) {
        List<List<CompletableFuture<StoredCopy>>> asked = targets.stream()
                .map(to -> saver.store(to.endpoints, message, deadline)) // 2
                .toList();
        List<Stored> stored = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            stored.add(Stored.of(targets.get(i), asked.get(i)));
        }
        stored.stream().filter(one -> one.error == null).forEach(one -> tellOfFullInboxes(push, one.copies));
        SaverClient.Taken taken = taken(push, stored);
        CompletableFuture<Boolean> recorded = record(push, taken, message, deadline);
        List<Hint> hints = hints(taken.copies(), message);
        List<Location> locations = handOver.locate(hints, deadline); // 3
        // Where somebody may recall it meanwhile, the record says so before anybody is handed it.
        boolean recalled = push.repeatable() && await(recorded, push);
        List<Settling> told = recalled
                ? recall(taken, message, deadline)
                : settle(taken.copies(), message, handOver.handOver(hints, locations, deadline)); // 4
        Deadline patience = deadline.atMost(settling);
        if (!push.repeatable()) {
            boolean _ = await(recorded, push);
        }
        await(told, recalled ? deadline : patience);
        Iterator<EndpointResult> results = told.stream().map(Settling::result).iterator();
        List<TargetAnswer> answers = stored.stream()
                .map(one -> one.error == null
                        ? TargetAnswer.of(
                                one.target,
                                one.copies.stream().map(_ -> results.next()).toList(),
                                one.fresh())
                        : TargetAnswer.failed(one.target, one.error))
                .toList(); // 5
        return new Part(answers, recalled);
    }

    /** Of several devices of a user: where none had room that is the answer. */
    private void tellOfFullInboxes(Push push, List<StoredCopy> copies) {
        copies.stream()
                .filter(copy -> copy.seq() == 0 && copy.status() == Status.DROPPED)
                .map(StoredCopy::endpoint)
                .forEach(full -> untaken.tell(push, full.user(), full.device(), Status.DROPPED, StoredCopy.INBOX_FULL));
    }

    /** Whom it was claimed for, and what failed at another device of the same user, counts where somebody may name the message. */
    private static SaverClient.Taken taken(Push push, List<Stored> stored) {
        List<Stored> whole = stored.stream().filter(one -> one.error == null).toList();
        List<StoredCopy> copies =
                whole.stream().flatMap(one -> one.copies.stream()).toList();
        if (!push.repeatable()) {
            return new SaverClient.Taken(copies, List.of(), List.of());
        }
        List<StoredCopy> partial = stored.stream()
                .filter(one -> one.error != null)
                .flatMap(one -> one.copies.stream())
                .toList();
        return new SaverClient.Taken(copies, whole.stream().map(Stored::target).toList(), partial);
    }

    private CompletableFuture<Boolean> record(Push push, SaverClient.Taken taken, Outgoing message, Deadline deadline) {
        boolean needed = message.jobId().isEmpty()
                && !(taken.copies().isEmpty() && taken.partial().isEmpty());
        return needed
                ? saver.record(push, taken, message.sentAtMs(), deadline)
                : CompletableFuture.completedFuture(false);
    }

    /** It was recalled while it was being stored: whoever was not sent it by then never will be. */
    private List<Settling> recall(SaverClient.Taken taken, Outgoing message, Deadline deadline) {
        List<Settling> partial = recall(taken.partial(), message, deadline);
        List<Settling> told = recall(taken.copies(), message, deadline);
        await(partial, deadline);
        return told;
    }

    private List<Settling> recall(List<StoredCopy> copies, Outgoing message, Deadline deadline) {
        return copies.stream()
                .map(copy -> copy.waits() ? recall(copy, message, deadline) : Settling.over(copy.result()))
                .toList();
    }

    private Settling recall(StoredCopy copy, Outgoing message, Deadline deadline) {
        CompletableFuture<EndpointResult> told = saver.recall(copy, message.id(), deadline)
                .handle((status, error) -> error == null ? copy.result(status, null) : copy.result());
        return new Settling(told, copy.result());
    }

    private static List<Hint> hints(List<StoredCopy> copies, Outgoing message) {
        return copies.stream()
                .filter(StoredCopy::waits)
                .map(copy -> new Hint(copy.endpoint(), copy.seq(), copy.before(), message))
                .toList();
    }

    /** What becomes of each copy, in their order. */
    private List<Settling> settle(List<StoredCopy> copies, Outgoing message, List<Handed> handed) {
        Iterator<Handed> outcomes = handed.iterator();
        return copies.stream()
                .map(copy -> copy.waits() ? settle(copy, message, outcomes.next()) : Settling.over(copy.result()))
                .toList();
    }

    /** An end is told as the store has it, which may know of another one that came first; all else is told in passing. */
    private Settling settle(StoredCopy copy, Outgoing message, Handed handed) {
        UnicastOutcome outcome = handed.outcome();
        boolean nowOrNever = message.options().nowOrNever();
        SettlePolicy.Verdict verdict = nowOrNever ? SettlePolicy.ofNowOrNever(outcome) : SettlePolicy.ofStored(outcome);
        if (!verdict.tell()) {
            return Settling.over(copy.result(verdict.status(), verdict.reason()));
        }
        CompletableFuture<EndpointResult> told = saver.settle(copy, message.id(), verdict, handed)
                .thenApply(stored -> {
                    Status status = verdict.status().isFinal() ? stored : verdict.status();
                    return copy.result(status, status == Status.DROPPED ? verdict.reason() : null);
                });
        return new Settling(told, verdict.status().isFinal() ? copy.result() : copy.result(verdict.status(), null));
    }

    /**
     * A result that is being written to the store.
     *
     * @param told as the store has it; never fails
     * @param meanwhile what is answered while the store does not say; no end, as it may never take that
     */
    private record Settling(CompletableFuture<EndpointResult> told, EndpointResult meanwhile) {

        static Settling over(EndpointResult result) {
            return new Settling(CompletableFuture.completedFuture(result), result);
        }

        EndpointResult result() {
            return told.getNow(meanwhile);
        }
    }

    /** All of them together, so that who reads the message after its answer finds in the store what was answered. */
    private static void await(List<Settling> results, Deadline patience) {
        CompletableFuture<?>[] told = results.stream().map(Settling::told).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(told)
                .completeOnTimeout(null, patience.remainingMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** QoS 0: to who is connected now, and no record of it. */
    private List<TargetAnswer> toConnected(Push push, List<Expanded> targets, Outgoing message, Deadline deadline) {
        List<Hint> hints = targets.stream()
                .flatMap(to -> to.endpoints.stream().map(endpoint -> new Hint(endpoint, 0, 0, message)))
                .toList();
        Iterator<Handed> outcomes = handOver.handOver(hints, deadline).iterator();
        return targets.stream()
                .map(to -> to.error == null
                        ? connected(
                                push,
                                to,
                                to.endpoints.stream()
                                        .map(_ -> outcomes.next().outcome())
                                        .toList())
                        : TargetAnswer.failed(to.target, to.error))
                .toList();
    }

    /** Where of none of a target's endpoints anybody could say where it is, that is the answer. */
    private TargetAnswer connected(Push push, Expanded to, List<UnicastOutcome> outcomes) {
        if (outcomes.stream().allMatch(outcome -> outcome instanceof UnicastOutcome.Unlocated)
                && outcomes.getFirst() instanceof UnicastOutcome.Unlocated(LonglineException why)) {
            return TargetAnswer.failed(to.target, why);
        }
        List<EndpointResult> results = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Endpoint endpoint = to.endpoints.get(i);
            SettlePolicy.Verdict verdict = SettlePolicy.ofNowOrNever(outcomes.get(i));
            results.add(new EndpointResult(endpoint.user(), endpoint.device(), verdict.status(), verdict.reason(), 0));
            if (verdict.status() == Status.DROPPED) {
                untaken.tell(push, endpoint.user(), endpoint.device(), Status.DROPPED, verdict.reason());
            }
        }
        return TargetAnswer.of(to.target, results);
    }

    /** Where the id may come again, the record is part of the promise; elsewhere the message is sent all the same. */
    private boolean await(CompletableFuture<Boolean> recorded, Push push) {
        try {
            return recorded.join();
        } catch (CompletionException e) {
            LonglineException error = Unanswered.by("saver", e);
            metrics.recordLost();
            if (push.repeatable()) {
                throw error;
            }
            return false;
        }
    }
}
