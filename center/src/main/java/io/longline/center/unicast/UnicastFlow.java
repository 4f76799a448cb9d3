package io.longline.center.unicast;

import io.longline.center.CenterMetrics;
import io.longline.center.endpoint.Endpoint;
import io.longline.center.message.MessageAnswer;
import io.longline.center.place.PlaceCache;
import io.longline.center.push.Outgoing;
import io.longline.center.push.Push;
import io.longline.center.result.EndpointResult;
import io.longline.center.result.Status;
import io.longline.center.wire.Unanswered;
import io.longline.keeper.error.LonglineException;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A push to one user, in the five steps of the design: expand, store, locate, hand over, answer. All endpoints go through each step
 * together. From the store on, the message is safe: whatever fails behind it leaves the copy unsent, and the sweep makes it good.
 */
public final class UnicastFlow {
    private final RegisterClient register;
    private final SaverClient saver;
    private final HandOverFlow handOver;
    private final PlaceCache places;
    private final Duration settling;
    private final CenterMetrics metrics;

    /** @param settling how long an answer waits for the store to have what it says; beyond, saver and the sweep go on without it */
    public UnicastFlow(
            RegisterClient register,
            SaverClient saver,
            HandOverFlow handOver,
            PlaceCache places,
            Duration settling,
            CenterMetrics metrics) {
        this.register = register;
        this.saver = saver;
        this.handOver = handOver;
        this.places = places;
        this.settling = settling;
        this.metrics = metrics;
    }

    /** Step one: whom it goes to. It changes nothing, so it may be asked before it is known whether it is needed. */
    Expansion expand(Push push, Deadline deadline) {
        return Expansion.ask(push, register, places, deadline);
    }

    /**
     * The others.
     *
     * @param sentAtMs when the message was sent, which its time to live begins with
     */
    MessageAnswer send(Push push, Expansion expansion, long sentAtMs, Deadline deadline) {
        Outgoing message = Outgoing.of(push, sentAtMs);
        List<Endpoint> endpoints = expansion.endpoints(); // 1
        return push.options().qos() == 0
                ? toConnected(endpoints, message, deadline)
                : toInboxes(push, endpoints, message, deadline);
    }

    private MessageAnswer toInboxes(Push push, List<Endpoint> endpoints, Outgoing message, Deadline deadline) {
        List<StoredCopy> copies = saver.store(endpoints, message, deadline); // 2
        CompletableFuture<Void> recorded = saver.record(push, copies, deadline);
        List<Hint> hints = copies.stream()
                .filter(StoredCopy::waits)
                .map(copy -> new Hint(copy.endpoint(), copy.seq(), copy.before(), message))
                .toList();
        Iterator<UnicastOutcome> outcomes = handOver.handOver(hints, deadline).iterator(); // 3 and 4
        List<Settling> told = copies.stream()
                .map(copy -> copy.waits() ? settle(copy, message, outcomes.next()) : Settling.over(copy.result()))
                .toList();
        Deadline patience = deadline.atMost(settling);
        await(recorded, push);
        await(told, patience);
        return new MessageAnswer(
                message.id(), told.stream().map(Settling::result).toList()); // 5
    }

    /** An end is told as the store has it, which may know of another one that came first; all else is told in passing. */
    private Settling settle(StoredCopy copy, Outgoing message, UnicastOutcome outcome) {
        boolean nowOrNever = message.options().nowOrNever();
        SettlePolicy.Verdict verdict = nowOrNever ? SettlePolicy.ofNowOrNever(outcome) : SettlePolicy.ofStored(outcome);
        if (!verdict.tell()) {
            return Settling.over(copy.result(verdict.status(), verdict.reason()));
        }
        CompletableFuture<EndpointResult> told = saver.settle(
                        copy.endpoint(), copy.seq(), message.id(), verdict.status(), verdict.reason())
                .thenApply(stored -> {
                    Status status = verdict.status().isFinal() ? stored : verdict.status();
                    return copy.result(status, status == Status.DROPPED ? verdict.reason() : null);
                });
        return new Settling(told, copy.result(verdict.status(), verdict.reason()));
    }

    /**
     * A result that is being written to the store.
     *
     * @param told as the store has it; never fails
     * @param meanwhile what is answered while the store does not say
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

    /** QoS 0: to who is connected now, and no record of it. Where of none of them anybody could say where it is, that is the answer. */
    private MessageAnswer toConnected(List<Endpoint> endpoints, Outgoing message, Deadline deadline) {
        List<Hint> hints =
                endpoints.stream().map(to -> new Hint(to, 0, 0, message)).toList();
        List<UnicastOutcome> outcomes = handOver.handOver(hints, deadline);
        if (outcomes.stream().allMatch(outcome -> outcome instanceof UnicastOutcome.Unlocated)
                && outcomes.getFirst() instanceof UnicastOutcome.Unlocated(LonglineException why)) {
            throw why;
        }
        List<EndpointResult> results = new ArrayList<>();
        for (int i = 0; i < hints.size(); i++) {
            Endpoint to = endpoints.get(i);
            SettlePolicy.Verdict verdict = SettlePolicy.ofNowOrNever(outcomes.get(i));
            results.add(new EndpointResult(to.user(), to.device(), verdict.status(), verdict.reason(), 0));
        }
        return new MessageAnswer(message.id(), results);
    }

    /** Where the id may come again, the record is part of the promise; elsewhere the message is sent all the same. */
    private void await(CompletableFuture<Void> recorded, Push push) {
        try {
            recorded.join();
        } catch (CompletionException e) {
            LonglineException error = Unanswered.by("saver", e);
            metrics.recordLost();
            if (push.repeatable()) {
                throw error;
            }
        }
    }
}
