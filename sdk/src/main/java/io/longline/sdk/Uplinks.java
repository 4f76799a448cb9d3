package io.longline.sdk;

import com.google.protobuf.ByteString;
import io.longline.v1.ClientFrame;
import io.longline.v1.Uplink;
import io.longline.v1.UplinkAck;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What one endpoint sends to its back end. The next is sent when the one before it was taken, so the back end gets them in the order in which
 * they were given here. Each is sent again, under the same id, over lost links and where the room says that it may be taken later, until it
 * is taken or refused; at most 256 wait. What waits does not outlive the app.
 *
 * <p>Any thread may call, also before the client is started and while there is no link. Futures are completed on the client's threads, which what
 * is chained to them must not hold up.
 */
public final class Uplinks {
    private static final int MOST_WAITING = 256;

    private final int ref;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final Map<String, CompletableFuture<Message>> requests = new ConcurrentHashMap<>();
    private final Object saying = new Object();
    private volatile Runnable onWish = () -> {};
    /** The link on which the first one was sent. A late word on one that is gone then keeps it from none that is there. */
    private @Nullable Object saidOn;

    private long sayAtMs;
    private boolean ended;

    @Nullable
    private ScheduledThreadPoolExecutor timer;

    private static final class Waiting {
        final Uplink uplink;
        final CompletableFuture<Void> taken = new CompletableFuture<>();

        Waiting(Uplink uplink) {
            this.uplink = uplink;
        }
    }

    Uplinks(int ref) {
        this.ref = ref;
    }

    // ---- the app ----

    /**
     * Sends text, JSON for example.
     *
     * @param type 1 to 128 characters of printable ASCII without space and {@code / ? # %}; the back end says of which types it takes uplinks
     * @return done when it will certainly reach the back end; fails with {@link UplinkRefused}
     */
    public CompletableFuture<Void> send(String type, String text) {
        return send(newId(), type, text);
    }

    /** Sends bytes, likewise. */
    public CompletableFuture<Void> send(String type, byte[] data) {
        return send(uplink(newId(), type).setData(ByteString.copyFrom(data)).build());
    }

    /** Sends text under an id of the app's: one that was taken within 24 h is not taken again, also after a restart of the app. */
    public CompletableFuture<Void> send(String id, String type, String text) {
        return send(uplink(id, type).setText(text).build());
    }

    /**
     * Sends text and waits for what the back end replies to it. A reply that comes when nobody waits for it any more goes to the {@link
     * MessageListener}, as does one after a restart of the app; {@link Message#inReplyTo} names the uplink.
     *
     * @return the reply; fails with {@link UplinkRefused}, or with {@link TimeoutException} after so long: the back end may have the uplink then
     */
    public CompletableFuture<Message> request(String type, String text, long timeoutMs) {
        String id = newId();
        CompletableFuture<Message> reply = new CompletableFuture<>();
        requests.put(id, reply);
        var unusedEnd = reply.whenComplete((message, problem) -> requests.remove(id));
        var unusedTaken = send(id, type, text).whenComplete((nothing, problem) -> {
            if (problem != null) {
                reply.completeExceptionally(problem);
            }
        });
        if (!reply.isDone()) {
            limit(reply, "no reply to " + id, timeoutMs);
        }
        return reply;
    }

    /** Fails with {@link TimeoutException} after so long. */
    void limit(CompletableFuture<?> reply, String what, long timeoutMs) {
        TimeoutException over = new TimeoutException(what + " within " + timeoutMs + " ms");
        try {
            Future<?> later =
                    timer().schedule(() -> reply.completeExceptionally(over), timeoutMs, TimeUnit.MILLISECONDS);
            var unused = reply.whenComplete((message, problem) -> later.cancel(false));
        } catch (RejectedExecutionException e) { // the client ends at this moment
            reply.completeExceptionally(closed());
        }
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private Uplink.Builder uplink(String id, String type) {
        return Uplink.newBuilder().setRef(ref).setId(id).setType(type);
    }

    private CompletableFuture<Void> send(Uplink uplink) {
        Waiting waiting = new Waiting(uplink);
        UplinkRefused refused = null;
        synchronized (saying) {
            if (ended) {
                refused = closed();
            } else if (queue.size() >= MOST_WAITING) {
                refused = new UplinkRefused("QUEUE_FULL", MOST_WAITING + " uplinks wait already");
            } else {
                queue.add(waiting);
            }
        }
        if (refused != null) {
            waiting.taken.completeExceptionally(refused);
        } else {
            onWish.run();
        }
        return waiting.taken;
    }

    private ScheduledThreadPoolExecutor timer() {
        synchronized (saying) {
            ScheduledThreadPoolExecutor present = timer;
            if (present == null) {
                present = new ScheduledThreadPoolExecutor(1, task -> {
                    Thread thread = new Thread(task, "longline-timer");
                    thread.setDaemon(true);
                    return thread;
                });
                present.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
                present.setRemoveOnCancelPolicy(true);
                timer = present;
            }
            return present;
        }
    }

    // ---- the client ----

    /** Who is called after the app has given something. */
    void onWish(Runnable call) {
        onWish = call;
    }

    /** Writes frames to the present link. */
    interface Writer {
        void write(ClientFrame frame) throws IOException;
    }

    /** When there is something to say on that link; never, most of the time. */
    long sayAtMs(Object link) {
        synchronized (saying) {
            return queue.isEmpty() || link.equals(saidOn) ? Long.MAX_VALUE : sayAtMs;
        }
    }

    /** Sends the next one, if the former was taken. A link may be slow to take it, and the app does not wait for that. */
    void say(long nowMs, Object link, Writer writer) throws IOException {
        Waiting first;
        synchronized (saying) {
            first = queue.peek();
            if (first == null || link.equals(saidOn) || nowMs < sayAtMs) {
                return;
            }
            saidOn = link;
        }
        writer.write(ClientFrame.newBuilder().setUplink(first.uplink).build());
    }

    /** The room has it, for good. */
    void taken(UplinkAck ack) {
        Waiting first = remove(ack.getId());
        if (first != null) {
            first.taken.complete(null);
        }
    }

    /** It was not taken, and would not be later. */
    void refused(String id, String reason, String message) {
        Waiting first = remove(id);
        if (first != null) {
            first.taken.completeExceptionally(new UplinkRefused(reason, message));
        }
    }

    /** It was not taken, and may be later. */
    void sayAgainAt(String id, long ms) {
        synchronized (saying) {
            Waiting first = queue.peek();
            if (first != null && first.uplink.getId().equals(id)) {
                saidOn = null;
                sayAtMs = ms;
            }
        }
    }

    /** The first one, if it is this: an answer to another is one of an earlier link. */
    @Nullable
    private Waiting remove(String id) {
        synchronized (saying) {
            Waiting first = queue.peek();
            if (first == null || !first.uplink.getId().equals(id)) {
                return null;
            }
            saidOn = null;
            sayAtMs = 0;
            return queue.poll();
        }
    }

    /** Whether somebody waited for this message. */
    boolean isReply(Message message) {
        String id = message.inReplyTo();
        CompletableFuture<Message> request = id == null ? null : requests.get(id);
        return request != null && request.complete(message);
    }

    /** Whether the one that was sent was taken is not known: it is sent again. */
    void linkLost() {
        synchronized (saying) {
            saidOn = null;
        }
    }

    /** Nothing more is sent. */
    void end() {
        Deque<Waiting> left;
        ScheduledThreadPoolExecutor last;
        synchronized (saying) {
            ended = true;
            left = new ArrayDeque<>(queue);
            queue.clear();
            last = timer;
        }
        for (Waiting waiting : left) {
            waiting.taken.completeExceptionally(closed());
        }
        for (CompletableFuture<Message> request : requests.values()) {
            request.completeExceptionally(closed());
        }
        if (last != null) {
            last.shutdown();
        }
    }

    private static UplinkRefused closed() {
        return new UplinkRefused("CLOSED", "the client or its endpoint has ended");
    }
}
