package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's end of one stream of batches. Its events come one after the other; batches are worked on at the same time, and
 * answered in the order they are done. A caller that does not read its replies is not read from either: at most {@code
 * rpc.server-batches-of-stream} of its batches are held here.
 */
final class BatchStream<Q extends Message, A extends Message> extends ServerCall.Listener<Message> {
    private static final Logger log = LoggerFactory.getLogger(BatchStream.class);

    private final ServerCall<Message, Message> call;
    private final BatchMethod<Q, A> method;
    private final BatchHandler<Q, A> handler;
    private final ServerWork work;
    private final Timer timer;

    /** Guards the call, which takes messages from one thread at a time, and all below. */
    private final Object lock = new Object();

    private final Queue<Message> unwritten = new ArrayDeque<>();
    private int held;
    private boolean asked;
    private boolean halfClosed;
    private boolean over;

    BatchStream(
            ServerCall<Message, Message> call,
            BatchMethod<Q, A> method,
            BatchHandler<Q, A> handler,
            ServerWork work,
            Timer timer) {
        this.call = call;
        this.method = method;
        this.handler = handler;
        this.work = work;
        this.timer = timer;
    }

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
        synchronized (lock) {
            asked = false;
            held++;
            askForMore();
        }
        Deadline deadline = Deadline.afterMillis(method.deadlineMillis(batch));
        try {
            work.batches().run(() -> answer(handle(batch, deadline)));
        } catch (LonglineException e) {
            answer(method.failure(method.batchId(batch), ErrorTranslator.toStatus(e)));
        }
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

    private Message handle(Message batch, Deadline deadline) {
        long id = method.batchId(batch);
        long begun = System.nanoTime();
        try {
            deadline.check();
            List<Q> requests = method.requests(batch);
            List<A> replies = handler.handle(requests, deadline);
            if (replies.size() != requests.size()) {
                throw new IllegalStateException(
                        requests.size() + " requests were answered with " + replies.size() + " replies");
            }
            Message answer = method.replies(id, replies);
            if (answer.getSerializedSize() > work.config().maxMessageBytes()) {
                throw new LonglineException(
                        ErrorCode.INTERNAL,
                        "replies of " + answer.getSerializedSize() + " bytes, allowed are "
                                + work.config().maxMessageBytes());
            }
            return answer;
        } catch (Throwable e) {
            LonglineException error = ErrorTranslator.fromAny(e);
            if (error.code() == ErrorCode.INTERNAL) {
                log.error("a batch failed method={}", method, e);
            }
            return method.failure(id, ErrorTranslator.toStatus(error));
        } finally {
            timer.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    private void answer(Message replies) {
        synchronized (lock) {
            if (!over) {
                unwritten.add(replies);
                writeOn();
            }
        }
    }

    private void writeOn() {
        while (!over && call.isReady() && !unwritten.isEmpty()) {
            call.sendMessage(unwritten.remove());
            held--;
        }
        askForMore();
        if (halfClosed && held == 0) {
            end(Status.OK);
        }
    }

    private void askForMore() {
        if (!over && !asked && held < work.config().incoming().batchesOfStream()) {
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
