package io.longline.sdk;

import io.longline.sdk.dispatch.Backoff;
import io.longline.sdk.state.StateStore;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the app's listener and takes what came without payload: once that is kept in the state store the message is finished with,
 * for the room and for those behind it, and the hook is asked about it at its time. Without a hook the listener gets all. On the thread
 * {@code longline-app}, but for {@link #restore}, which comes before it.
 */
final class Pulls implements MessageListener {
    static final int MAX_WAITING = 1_024;
    private static final io.longline.v1.Backoff WAITS = io.longline.v1.Backoff.newBuilder()
            .setBaseMs(1_000)
            .setMaxMs(60_000)
            .setFactor(2)
            .setJitter(0.5)
            .build();

    private final MessageListener listener;
    private final PullHook hook;
    private final boolean hooked;
    private final StateStore store;
    private final Random random;
    private final Backoff backoff;
    private final LongSupplier clockMs;
    private final LongSupplier wallClockMs;
    private final PriorityQueue<Pull> waiting = new PriorityQueue<>(Comparator.comparingLong(Pull::dueAtMs)
            .thenComparingLong(pull -> pull.message().position()));

    /** The number of the topic message that was kept last. */
    private long lastNumber;

    Pulls(LonglineBuilder builder, MessageListener listener, @Nullable PullHook hook) {
        this.listener = listener;
        this.hooked = hook != null;
        this.hook = hook != null ? hook : message -> toListener(listener, message);
        this.store = builder.stateStore;
        this.random = builder.random;
        this.backoff = new Backoff(random);
        backoff.configure(WAITS);
        this.clockMs = builder.clockMs;
        this.wallClockMs = builder.wallClockMs;
    }

    /** What an earlier run, which had a hook, has left. */
    private static PullHook.Answer toListener(MessageListener listener, Message message) throws Exception {
        listener.onMessage(message);
        return PullHook.Answer.DONE;
    }

    /** Takes up what an earlier run of the app has left. What that run had kept and not finished with comes again from the room. */
    void restore(String endpoint, String product, String user) {
        for (Map.Entry<Long, String> kept : store.pulls(endpoint).entrySet()) {
            lastNumber = Math.min(lastNumber, kept.getKey());
            Pull pull = Pull.read(endpoint, product, user, kept.getKey(), kept.getValue());
            if (pull != null && isFinished(pull.message())) {
                schedule(pull, replaced(pull.message()));
            } else {
                store.forgetPull(endpoint, kept.getKey());
            }
        }
    }

    private boolean isFinished(Message message) {
        String topic = message.topic();
        String key = topic == null ? message.endpoint() : Topics.key(message.endpoint(), topic);
        return message.position() <= store.finished(key);
    }

    /** Throws where the message is neither handed over nor kept. */
    @Override
    public void onMessage(Message message) throws Exception {
        long replacedDueAtMs = replaced(message);
        if (!hooked || !message.notifyOnly()) {
            listener.onMessage(message);
        } else if (waiting.size() < MAX_WAITING) {
            long number = message.topic() == null ? message.seq() : --lastNumber;
            Pull pull = new Pull(message, number, wallClockMs.getAsLong());
            keep(pull, message.maybeRepeated());
            schedule(pull, replacedDueAtMs);
        } else if (hook.pull(message) != PullHook.Answer.DONE) {
            throw new IllegalStateException(MAX_WAITING + " messages wait to be pulled");
        }
    }

    /**
     * Drops what gives way to this message. If that is of QoS 1 it comes again until it is taken, so nothing is lost by it. Answers when the first of those was due, because a message
     * that has a successor each time has to be pulled once all the same.
     */
    private long replaced(Message newer) {
        long dueAtMs = Long.MAX_VALUE;
        for (Iterator<Pull> all = waiting.iterator(); all.hasNext(); ) {
            Pull older = all.next();
            if (older.givesWayTo(newer)) {
                dueAtMs = Math.min(dueAtMs, older.dueAtMs());
                forget(older);
                all.remove();
            }
        }
        return dueAtMs;
    }

    private void schedule(Pull pull, long atMostUntilMs) {
        pull.schedule(clockMs.getAsLong(), wallClockMs.getAsLong(), random.nextDouble());
        pull.notLaterThan(atMostUntilMs);
        waiting.add(pull);
    }

    /** How long nothing is due. */
    long untilNextMs() {
        Pull next = waiting.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.dueAtMs() - clockMs.getAsLong());
    }

    /** Asks about one message if one is due, and no more, so that others have their turn. */
    void askDue(Delivery delivery) {
        if (untilNextMs() > 0) {
            return;
        }
        Pull pull = waiting.remove();
        boolean over = pull.isOver(clockMs.getAsLong());
        if (!over && !isDone(pull, delivery)) {
            pull.askAgain(clockMs.getAsLong(), backoff.waitMs(pull.nothingYet()));
            waiting.add(pull);
            return;
        }
        try {
            forget(pull);
        } catch (Throwable e) { // of the app's own store
            delivery.failed(e);
        }
        if (over) {
            delivery.event(listeners -> listeners.onPullExpired(pull.message())).run();
        }
    }

    private boolean isDone(Pull pull, Delivery delivery) {
        try {
            Message message = pull.message();
            if (!message.maybeRepeated()) {
                keep(pull, true);
                pull.begin();
            }
            return hook.pull(message) == PullHook.Answer.DONE;
        } catch (Throwable e) {
            delivery.failed(e);
            return false;
        }
    }

    /** A message of QoS 0 has no place anywhere and is not kept. */
    private void keep(Pull pull, boolean maybeRepeated) {
        if (pull.number() != 0) {
            store.keepPull(pull.message().endpoint(), pull.number(), pull.text(maybeRepeated));
        }
    }

    private void forget(Pull pull) {
        if (pull.number() != 0) {
            store.forgetPull(pull.message().endpoint(), pull.number());
        }
    }
}
