package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One batch that was sent and is not answered yet. */
final class Flight<Q extends Message, A extends Message> {
    private final List<Call<Q, A>> calls;
    private final long sentNanos = System.nanoTime();

    Flight(List<Call<Q, A>> calls) {
        this.calls = calls;
    }

    /** One request on its way. */
    record Call<Q extends Message, A extends Message>(
            Q request, int bytes, Deadline deadline, CompletableFuture<A> future) {

        void fail(LonglineException error) {
            future.completeExceptionally(error);
        }

        void expire(String where) {
            fail(new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "no time left " + where));
        }
    }

    int requests() {
        return calls.size();
    }

    long bytes() {
        return calls.stream().mapToLong(Call::bytes).sum();
    }

    long ageNanos() {
        return System.nanoTime() - sentNanos;
    }

    /** What the latest of the calls has left: the batch is worth beginning as long as one of them waits for it. */
    long deadlineMillis() {
        return calls.stream()
                .mapToLong(call -> call.deadline().remainingMillis())
                .max()
                .orElse(0);
    }

    /** Fails the calls whose time is over. */
    void expire(String where) {
        for (Call<Q, A> call : calls) {
            if (!call.future().isDone() && call.deadline().passed()) {
                call.expire(where);
            }
        }
    }

    /** The least that one of the calls still waited for has left; an hour if there is none. */
    long leastLeftNanos() {
        return calls.stream()
                .filter(call -> !call.future().isDone())
                .mapToLong(call -> call.deadline().remainingNanos())
                .min()
                .orElse(TimeUnit.HOURS.toNanos(1));
    }

    List<Q> payload() {
        return calls.stream().map(Call::request).toList();
    }

    void fail(LonglineException error) {
        calls.forEach(call -> call.fail(error));
    }

    void answer(BatchMethod<Q, A> method, Message message) {
        Optional<Status> error = method.batchError(message);
        List<A> replies = method.replies(message);
        if (error.isPresent()) {
            fail(ErrorTranslator.fromStatus(error.get()));
        } else if (replies.size() != calls.size()) {
            fail(new LonglineException(
                    ErrorCode.INTERNAL,
                    method + " was given " + calls.size() + " requests and gave " + replies.size() + " replies"));
        } else {
            for (int i = 0; i < replies.size(); i++) {
                Call<Q, A> call = calls.get(i);
                A reply = replies.get(i);
                method.itemError(reply)
                        .ifPresentOrElse(
                                status -> call.fail(ErrorTranslator.fromStatus(status)),
                                () -> call.future().complete(reply));
            }
        }
    }
}
