package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One batch that was sent and is not wholly answered yet. Whoever takes a call out of it, by an answer or by the end of the
 * stream, gives back its room in flight and completes it; nobody else does.
 */
final class Flight<Q extends Message, A extends Message> {
    private final AtomicReferenceArray<@Nullable Call<Q, A>> calls;
    private final AtomicInteger missing;
    private final AtomicBoolean heard = new AtomicBoolean();
    private final Room room;
    private final long sentNanos = System.nanoTime();

    Flight(List<Call<Q, A>> calls, Room room) {
        this.calls = new AtomicReferenceArray<>(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            this.calls.set(i, calls.get(i));
        }
        this.missing = new AtomicInteger(calls.size());
        this.room = room;
    }

    /** What calls in flight take up of the peer's allowance. */
    @FunctionalInterface
    interface Room {
        void give(int requests, long bytes);
    }

    /** One request on its way. */
    record Call<Q extends Message, A extends Message>(
            Q request, int bytes, Deadline deadline, boolean mayLetGo, CompletableFuture<A> future) {

        void fail(LonglineException error) {
            future.completeExceptionally(error);
        }

        void expire(String where) {
            fail(new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "no time left " + where));
        }
    }

    /** Something was answered, or nothing will be; true if that is the first time. */
    boolean heard() {
        return heard.compareAndSet(false, true);
    }

    /** Whether each call has its answer. */
    boolean done() {
        return missing.get() == 0;
    }

    long ageNanos() {
        return System.nanoTime() - sentNanos;
    }

    /** Fails the calls whose time is over. They stay in flight: the peer still has them. */
    void expire(String where) {
        waiting().filter(call -> call.deadline().passed()).forEach(call -> call.expire(where));
    }

    /** Fails the calls that may be done elsewhere; they too stay in flight. */
    void letGo(LonglineException error) {
        waiting().filter(Call::mayLetGo).forEach(call -> call.fail(error));
    }

    /** The least that one of the calls still waited for has left; an hour if there is none. */
    long leastLeftNanos() {
        return waiting()
                .mapToLong(call -> call.deadline().remainingNanos())
                .min()
                .orElse(TimeUnit.HOURS.toNanos(1));
    }

    /** Fails all that was not answered. */
    void fail(LonglineException error) {
        take(IntStream.range(0, calls.length()).boxed().toList())
                .forEach(taken -> taken.call().fail(error));
    }

    /** Completes what the message answers. What had its answer before keeps it. */
    void answer(BatchMethod<Q, A> method, Message message) {
        Optional<Status> error = method.batchError(message);
        if (error.isPresent()) {
            fail(ErrorTranslator.fromStatus(error.get()));
            return;
        }
        List<A> replies = method.replies(message);
        List<Integer> at = method.at(message);
        if (at.isEmpty() && replies.size() == calls.length()) {
            at = IntStream.range(0, calls.length()).boxed().toList();
        }
        if (at.isEmpty() || at.size() != replies.size() || at.stream().anyMatch(i -> i < 0 || i >= calls.length())) {
            fail(new LonglineException(
                    ErrorCode.INTERNAL,
                    method + " was given " + calls.length() + " requests and gave " + replies.size()
                            + " replies, to requests " + at));
            return;
        }
        take(at).forEach(taken -> {
            A reply = replies.get(taken.reply());
            method.itemError(reply)
                    .ifPresentOrElse(
                            status -> taken.call().fail(ErrorTranslator.fromStatus(status)),
                            () -> taken.call().future().complete(reply));
        });
    }

    /** A call taken out, and which of the replies is its. */
    private record Taken<Q extends Message, A extends Message>(int reply, Call<Q, A> call) {}

    private List<Taken<Q, A>> take(List<Integer> at) {
        List<Taken<Q, A>> taken = new ArrayList<>(at.size());
        long bytes = 0;
        for (int i = 0; i < at.size(); i++) {
            Call<Q, A> call = calls.getAndSet(at.get(i), null);
            if (call != null) {
                taken.add(new Taken<>(i, call));
                bytes += call.bytes();
            }
        }
        missing.addAndGet(-taken.size());
        room.give(taken.size(), bytes);
        return taken;
    }

    private Stream<Call<Q, A>> waiting() {
        return IntStream.range(0, calls.length())
                .mapToObj(calls::get)
                .filter(call -> call != null && !call.future().isDone());
    }
}
