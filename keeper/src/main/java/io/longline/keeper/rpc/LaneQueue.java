package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;

/** Calls that wait to be sent, so many and so many bytes of them. Any thread adds, without a lock; the lane's thread takes. */
final class LaneQueue<Q extends Message, A extends Message> {
    private final Queue<Flight.Call<Q, A>> calls = new ConcurrentLinkedQueue<>();
    private final RpcConfig.Outgoing limits;
    private final Allowance allowance;
    private final RpcMetrics.OfMethod metrics;
    private final String name;

    LaneQueue(String name, RpcConfig.Outgoing limits, RpcMetrics.OfMethod metrics) {
        this.name = "in the queue of " + name;
        this.limits = limits;
        this.allowance = new Allowance(limits.queue());
        this.metrics = metrics;
    }

    /** False if there is no room for it. */
    boolean add(Flight.Call<Q, A> call) {
        if (!allowance.tryTake(call.bytes())) {
            return false;
        }
        metrics.queued(1);
        calls.add(call);
        return true;
    }

    /** Whether there are as many as a batch may have. */
    boolean fillsBatch() {
        return allowance.requests() >= limits.batchRequests() || allowance.bytes() >= limits.batchBytes();
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /**
     * The next calls in their order, as many as fit a batch and as {@code admitted} lets pass by their size. Those that nobody
     * waits for any more are dropped.
     */
    List<Flight.Call<Q, A>> take(IntPredicate admitted) {
        List<Flight.Call<Q, A>> taken = new ArrayList<>();
        long bytes = 0;
        Flight.Call<Q, A> head;
        while (taken.size() < limits.batchRequests() && (head = calls.peek()) != null) {
            if (head.future().isDone() || head.deadline().passed()) {
                calls.remove();
                left(head);
                head.expire(name);
                continue;
            }
            boolean fits = taken.isEmpty() || bytes + head.bytes() <= limits.batchBytes();
            if (!fits || !admitted.test(head.bytes())) {
                break;
            }
            calls.remove();
            left(head);
            taken.add(head);
            bytes += head.bytes();
        }
        return taken;
    }

    /** Fails the calls whose time is over. */
    void expire() {
        calls.removeIf(call -> {
            boolean over = call.deadline().passed();
            if (over) {
                left(call);
                call.expire(name);
            }
            return over;
        });
    }

    void failAll(LonglineException error) {
        for (Flight.Call<Q, A> call = calls.poll(); call != null; call = calls.poll()) {
            left(call);
            call.fail(error);
        }
    }

    /** For a call that was added after the lane's thread had looked for the last time. */
    void fail(Flight.Call<Q, A> call, LonglineException error) {
        if (calls.remove(call)) {
            left(call);
            call.fail(error);
        }
    }

    private void left(Flight.Call<Q, A> call) {
        allowance.give(1, call.bytes());
        metrics.queued(-1);
    }
}
