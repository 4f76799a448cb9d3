package io.longline.keeper.rpc;

import com.google.protobuf.Message;
import io.longline.keeper.error.ErrorCode;
import io.longline.keeper.error.ErrorTranslator;
import io.longline.keeper.error.LonglineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch that a server works on. The first reply that is ready has a thread started that sends it, where there is patience after that; what is put until
 * then leaves with it.
 */
final class BatchWork<A extends Message> implements Replies<A> {
    /** What a reply may add to a message beyond its own size: its tag, its length, its place in {@code at}. */
    private static final int FRAME = 16;

    private static final Logger log = LoggerFactory.getLogger(BatchWork.class);

    private final BatchStream<?, A> stream;
    private final BatchMethod<?, A> method;
    private final MethodWork share;
    private final long id;
    private final int count;
    private final long begunNanos = System.nanoTime();
    private Duration patience = Duration.ZERO;

    /** Guarded by this, like all below. */
    private final BitSet answered;

    private List<Integer> at = new ArrayList<>();
    private List<A> ready = new ArrayList<>();
    private int missing;
    private int unsent;
    private boolean leaving;

    BatchWork(BatchStream<?, A> stream, BatchMethod<?, A> method, MethodWork share, long id, int count) {
        this.stream = stream;
        this.method = method;
        this.share = share;
        this.id = id;
        this.count = count;
        this.missing = count;
        this.unsent = count;
        this.answered = new BitSet(count);
    }

    /** How long replies wait for those that are not there yet. Said before there are any. */
    void patience(Duration time) {
        patience = time;
    }

    @Override
    public void put(int index, A reply) {
        add(index, reply, false);
    }

    @Override
    public void fail(int index, Throwable error) {
        put(index, failure(error));
    }

    /** Puts a reply; the last one leaves on the thread that brings it, which must be free to send. */
    void bring(int index, A reply) {
        add(index, reply, true);
    }

    private void add(int index, A reply, boolean maySend) {
        Objects.checkIndex(index, count);
        boolean here;
        synchronized (this) {
            if (!take(index, reply)) {
                return;
            }
            here = maySend && missing == 0;
            if (leaving && !here) {
                return;
            }
            leaving = true;
        }
        if (here) {
            leave();
        } else {
            Thread.startVirtualThread(this::leaveInTime);
        }
    }

    A failure(Throwable error) {
        return method.itemFailure(ErrorTranslator.toStatus(told(error)));
    }

    @Override
    public void putAll(List<A> replies) {
        if (replies.size() != count) {
            throw new IllegalStateException(count + " requests were answered with " + replies.size() + " replies");
        }
        synchronized (this) {
            for (int i = 0; i < count; i++) {
                take(i, replies.get(i));
            }
        }
        leave();
    }

    /** Fails what has no reply yet: as a whole if nothing has, else one by one, as replies may be on their way. */
    void failRest(Throwable error) {
        com.google.rpc.Status status = ErrorTranslator.toStatus(told(error));
        boolean whole;
        synchronized (this) {
            whole = missing == count;
            for (int i = answered.nextClearBit(0); i < count && !whole; i = answered.nextClearBit(i)) {
                take(i, method.itemFailure(status));
            }
            if (whole) {
                answered.set(0, count);
                missing = 0;
            }
        }
        if (whole) {
            send(method.failure(id, status), count);
        } else {
            leave();
        }
    }

    /** The handler has returned, and with it all that it began. */
    void end() {
        boolean forgotten;
        synchronized (this) {
            forgotten = missing > 0;
        }
        if (forgotten) {
            failRest(new IllegalStateException("a handler of " + count + " requests left some without a reply"));
        } else {
            leave();
        }
    }

    private boolean take(int index, A reply) {
        Objects.requireNonNull(reply);
        if (answered.get(index)) {
            return false;
        }
        answered.set(index);
        missing--;
        at.add(index);
        ready.add(reply);
        return true;
    }

    private void leaveInTime() {
        LockSupport.parkNanos(patience.toNanos());
        leave();
    }

    /** Sends what is ready, in several messages where it is larger than one may be. */
    private void leave() {
        List<Integer> places;
        List<A> replies;
        synchronized (this) {
            leaving = false;
            if (ready.isEmpty()) {
                return;
            }
            places = at;
            replies = ready;
            at = new ArrayList<>();
            ready = new ArrayList<>();
        }
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < replies.size(); i++) {
            int size = fitting(replies, i) + FRAME;
            if (i > from && bytes + size > share.maxMessageBytes()) {
                send(places, replies, from, i);
                from = i;
                bytes = 0;
            }
            bytes += size;
        }
        if (from < replies.size()) {
            send(places, replies, from, replies.size());
        }
    }

    /** The size of a reply, which is made an error where it is too large to be sent at all. */
    private int fitting(List<A> replies, int i) {
        int size = replies.get(i).getSerializedSize();
        if (size <= share.maxMessageBytes()) {
            return size;
        }
        String problem = "a reply of " + size + " bytes, allowed are " + share.maxMessageBytes();
        replies.set(
                i,
                method.itemFailure(ErrorTranslator.toStatus(told(new LonglineException(ErrorCode.INTERNAL, problem)))));
        return replies.get(i).getSerializedSize();
    }

    private void send(List<Integer> places, List<A> replies, int from, int to) {
        List<Integer> part = places.subList(from, to);
        List<A> its = replies.subList(from, to);
        send(inOrder(part) ? method.replies(id, its) : method.replies(id, part, its), to - from);
    }

    /** Whether it is the whole batch in the order of its requests, which needs no places. */
    private boolean inOrder(List<Integer> part) {
        for (int i = 0; i < part.size(); i++) {
            if (part.get(i) != i) {
                return false;
            }
        }
        return part.size() == count;
    }

    private void send(Message message, int requests) {
        stream.answer(message, requests);
        int left;
        synchronized (this) {
            unsent -= requests;
            left = unsent;
        }
        share.gave(requests, count, left);
        if (left == 0) {
            share.done(System.nanoTime() - begunNanos);
        }
    }

    private LonglineException told(Throwable error) {
        LonglineException told = ErrorTranslator.fromAny(error);
        if (told.code() == ErrorCode.INTERNAL) {
            log.error("a request failed method={}", method, error);
        }
        return told;
    }
}
