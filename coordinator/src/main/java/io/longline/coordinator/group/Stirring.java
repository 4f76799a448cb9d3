package io.longline.coordinator.group;

import io.longline.coordinator.outbox.Stream;
import io.longline.keeper.product.Callback;
import io.longline.keeper.redis.RedisStore;
import io.longline.keeper.rpc.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the coordinators at which pulls wait that something has changed for groups of a type, at once but not more often than they would look.
 * What is lost of it costs a pull the time until its next slow look. Any thread.
 */
final class Stirring implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Stirring.class);
    private static final Duration AT_MOST_EVERY = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final GroupStore store;
    private final Set<Type> stirred = ConcurrentHashMap.newKeySet();
    private final Semaphore some = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("group-stirring").unstarted(this::run);

    private record Type(String product, String name) {}

    Stirring(GroupStore store) {
        this.store = store;
    }

    void start() {
        thread.start();
    }

    /** Something came in, was given, or was given back. */
    void note(Stream stream) {
        if (stream.kind().startsWith(Callback.UPLINK)) {
            note(stream.product(), stream.kind().substring(Callback.UPLINK.length()));
        }
    }

    void note(String product, String type) {
        if (stirred.add(new Type(product, type))) {
            some.release();
        }
    }

    private void run() {
        try {
            while (true) {
                some.acquire();
                some.drainPermits();
                tellAll();
                Thread.sleep(AT_MOST_EVERY);
            }
        } catch (InterruptedException e) {
            log.debug("closed");
        }
    }

    private void tellAll() throws InterruptedException {
        Map<Type, CompletionStage<?>> told = new HashMap<>();
        Iterator<Type> types = stirred.iterator();
        while (types.hasNext()) {
            Type type = types.next();
            types.remove(); // before it is told: what comes now is told next
            try {
                told.put(type, store.stir(type.product, type.name));
            } catch (RuntimeException e) {
                later(type, e);
            }
        }
        Deadline deadline = Deadline.after(PATIENCE);
        for (Map.Entry<Type, CompletionStage<?>> each : told.entrySet()) {
            try {
                Object _ = RedisStore.await(each.getValue(), deadline);
            } catch (RuntimeException e) {
                later(each.getKey(), e);
            }
        }
    }

    private static void later(Type type, RuntimeException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("while Redis was asked");
        }
        log.debug("pulls elsewhere look later product={} error={}", type.product, e.getMessage());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
