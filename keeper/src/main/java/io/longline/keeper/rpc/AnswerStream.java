package io.longline.keeper.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's end of one request that is answered with a stream. The handler writes at the caller's pace: it waits, on its
 * virtual thread, while the caller does not read, and is told by an exception when the caller has gone.
 */
final class AnswerStream<Q, A> extends ServerCall.Listener<Q> {
    private static final Logger log = LoggerFactory.getLogger(AnswerStream.class);

    private final ServerCall<Q, A> call;
    private final BiConsumer<Q, Consumer<A>> handler;
    private final ServerWork work;
    private final Object lock = new Object();
    private @Nullable Q request;
    private boolean cancelled;

    AnswerStream(ServerCall<Q, A> call, BiConsumer<Q, Consumer<A>> handler, ServerWork work) {
        this.call = call;
        this.handler = handler;
        this.work = work;
    }

    void open() {
        call.request(2); // One is expected; a second one makes gRPC end the call.
    }

    @Override
    public void onMessage(Q message) {
        request = message;
    }

    @Override
    public void onHalfClose() {
        Q asked = request;
        if (asked == null) {
            close(new LonglineException(ErrorCode.INVALID_ARGUMENT, "a call without a request"));
            return;
        }
        try {
            work.streams().run(() -> answer(asked));
        } catch (LonglineException e) {
            close(e);
        }
    }

    @Override
    public void onReady() {
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    @Override
    public void onCancel() {
        synchronized (lock) {
            cancelled = true;
            lock.notifyAll();
        }
    }

    private void answer(Q asked) {
        try {
            call.sendHeaders(new Metadata());
            handler.accept(asked, this::write);
            close(null);
        } catch (Throwable e) {
            LonglineException error = ErrorTranslator.fromAny(e);
            if (error.code() == ErrorCode.INTERNAL) {
                log.error(
                        "a stream failed method={}", call.getMethodDescriptor().getFullMethodName(), e);
            }
            close(error);
        }
    }

    private void write(A part) {
        synchronized (lock) {
            while (!cancelled && !call.isReady()) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new LonglineException(ErrorCode.DRAINING, "interrupted while streaming", e);
                }
            }
            if (cancelled) {
                throw new LonglineException(ErrorCode.DEADLINE_EXCEEDED, "the caller has gone");
            }
            call.sendMessage(part);
        }
    }

    private void close(@Nullable LonglineException error) {
        synchronized (lock) {
            if (cancelled) {
                return;
            }
            if (error == null) {
                call.close(Status.OK, new Metadata());
                return;
            }
            StatusRuntimeException status = ErrorTranslator.toGrpc(error);
            Metadata trailers = status.getTrailers();
            call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        }
    }
}
