package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * The server's end of one stream of batches. Its events come one after the other; batches are worked on at the same time, and
 * their replies leave as they come. A caller that does not read its replies is not read from either: of a stream at most so
 * many requests, and so many bytes of replies, are held here.
 */
final class BatchStream<Q extends Message, A extends Message> extends ServerCall.Listener<Message> {
    private final ServerCall<Message, Message> call;
    private final BatchMethod<Q, A> method;
    private final BatchStart<Q, A> start;
    private final ServerWork work;
    private final MethodWork share;

    /** Guards the call, which takes messages from one thread at a time, and all below. */
    private final Object lock = new Object();

    private final Queue<Part> unwritten = new ArrayDeque<>();
    private long unwrittenBytes;
    private int held;
    private boolean asked;
    private boolean halfClosed;
    private boolean over;

    BatchStream(
            ServerCall<Message, Message> call,
            BatchMethod<Q, A> method,
            BatchStart<Q, A> start,
            ServerWork work,
            MethodWork share) {
        this.call = call;
        this.method = method;
        this.start = start;
        this.work = work;
        this.share = share;
    }

    /** Replies to so many requests of a batch. */
    private record Part(Message message, int requests) {}

    void open() {
        work.opened(this);
        call.sendHeaders(new Metadata());
        synchronized (lock) {
            askForMore();
        }
    }

    /** The server goes: what was not written is not written any more. */
    void leave() {
        end(Status.UNAVAILABLE.withDescription("the server leaves"));
    }

    @Override
    public void onMessage(Message batch) {
        long id = method.batchId(batch);
        Deadline deadline = Deadline.afterMillis(millisLeft(batch));
        List<Q> requests = method.requests(batch);
        synchronized (lock) {
            asked = false;
            held += requests.size();
            askForMore();
        }
        if (requests.isEmpty()) {
            answer(method.replies(id, List.of()), 0);
            return;
        }
        try {
            share.take(requests.size());
        } catch (LonglineException e) {
            answer(method.failure(id, ErrorTranslator.toStatus(e)), requests.size());
            return;
        }
        start.begin(requests, deadline, new BatchWork<>(this, method, share, id, requests.size()));
    }

    /** What is left of the batch's time, also where it was a while on its way. */
    private long millisLeft(Message batch) {
        long left = method.deadlineMillis(batch);
        long until = method.untilMillis(batch);
        return until == 0 ? left : Math.clamp(until - SteadyClock.millis(), 0, left);
    }

    @Override
    public void onReady() {
        synchronized (lock) {
            writeOn();
        }
    }

    @Override
    public void onHalfClose() {
        synchronized (lock) {
            halfClosed = true;
            writeOn();
        }
    }

    @Override
    public void onCancel() {
        synchronized (lock) {
            over = true;
            unwritten.clear();
        }
        work.ended(this);
    }

    @Override
    public void onComplete() {
        work.ended(this);
    }

    /** Replies to so many requests that were not answered before. From any thread. */
    void answer(Message replies, int requests) {
        synchronized (lock) {
            if (!over) {
                unwritten.add(new Part(replies, requests));
                unwrittenBytes += replies.getSerializedSize();
                writeOn();
            }
        }
    }

    private void writeOn() {
        while (!over && call.isReady() && !unwritten.isEmpty()) {
            Part part = unwritten.remove();
            call.sendMessage(part.message());
            unwrittenBytes -= part.message().getSerializedSize();
            held -= part.requests();
        }
        askForMore();
        if (halfClosed && held == 0 && unwritten.isEmpty()) {
            end(Status.OK);
        }
    }

    private void askForMore() {
        RpcConfig.Limit limit = work.config().incoming().ofStream();
        if (!over && !asked && held < limit.requests() && unwrittenBytes < limit.bytes()) {
            asked = true;
            call.request(1);
        }
    }

    private void end(Status status) {
        synchronized (lock) {
            if (!over) {
                over = true;
                unwritten.clear();
                call.close(status, new Metadata());
            }
        }
    }
}
