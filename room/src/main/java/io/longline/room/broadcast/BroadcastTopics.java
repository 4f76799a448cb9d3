package io.longline.room.broadcast;

import io.longline.keeper.error.ErrorTranslator;
import io.longline.room.delivery.Backoff;
import io.longline.room.transport.Loop;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broadcast topics of each product that has sessions here. The saver is asked once for those of a product, until it tells; what appears afterwards
 * whoever sends it tells. None is ever forgotten: back ends name them, and few.
 */
public final class BroadcastTopics {
    private static final Logger log = LoggerFactory.getLogger(BroadcastTopics.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);

    private final BroadcastNames saver;
    private final Loop timer;
    private final LongSupplier nanos;
    private final ByteBudget bytes;
    private final Backoff backoff = new Backoff(FIRST_RETRY, MAX_RETRY, RandomGenerator.getDefault());
    private final Map<String, OfProduct> products = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Is told in the order in which things become known, and must not wait. */
    public interface Listener {

        /** Those of the product are known from now on. */
        void known(String product);

        /**
         * There is one that was not known.
         *
         * @param first what it appeared with is the first that there ever was in it
         */
        void appeared(BroadcastTopic topic, boolean first);
    }

    private static final class OfProduct {
        final Map<String, BroadcastTopic> topics = new ConcurrentHashMap<>();
        volatile boolean known;
        boolean asked;
    }

    /**
     * None is known yet.
     *
     * @param timer on which it is asked again
     * @param bytesPerS that the room sends of all broadcasts together; 0: no limit
     */
    public BroadcastTopics(BroadcastNames saver, Loop timer, LongSupplier nanos, long bytesPerS) {
        this.saver = saver;
        this.timer = timer;
        this.nanos = nanos;
        this.bytes = new ByteBudget(bytesPerS, nanos);
    }

    public void tell(Listener listener) {
        listeners.add(listener);
    }

    /** Those of a product; null: they are not known yet, and are asked for. */
    public @Nullable Collection<BroadcastTopic> of(String product) {
        OfProduct of = products.computeIfAbsent(product, _ -> new OfProduct());
        if (of.known) {
            return of.topics.values();
        }
        boolean first;
        synchronized (this) {
            first = !of.asked;
            of.asked = true;
        }
        if (first) {
            ask(product, of, 0);
        }
        return null;
    }

    private void ask(String product, OfProduct of, int failures) {
        timer.whenDone(saver.broadcasts(product), (names, error) -> {
            if (names != null) {
                known(product, of, names);
            } else {
                logFailure(product, error);
                timer.later(backoff.after(failures + 1), () -> ask(product, of, failures + 1));
            }
        });
    }

    private static void logFailure(String product, @Nullable Throwable error) {
        if (log.isDebugEnabled()) {
            log.debug(
                    "broadcast topics are not known product={} error={}",
                    product,
                    error == null ? "" : ErrorTranslator.fromAny(error).getMessage());
        }
    }

    private synchronized void known(String product, OfProduct of, List<String> names) {
        names.forEach(name -> of.topics.computeIfAbsent(name, key -> made(product, key)));
        of.known = true;
        listeners.forEach(listener -> listener.known(product));
    }

    /** The topic of which somebody tells, who knows that something was published in it. */
    public BroadcastTopic appeared(String product, String name, boolean first) {
        OfProduct of = products.computeIfAbsent(product, _ -> new OfProduct());
        BroadcastTopic known = of.topics.get(name);
        return known != null ? known : add(of, product, name, first);
    }

    /** Whoever finds it there also finds that the loops were told of it. */
    private synchronized BroadcastTopic add(OfProduct of, String product, String name, boolean first) {
        BroadcastTopic known = of.topics.get(name);
        if (known != null) {
            return known;
        }
        BroadcastTopic made = made(product, name);
        listeners.forEach(listener -> listener.appeared(made, first));
        of.topics.put(name, made);
        return made;
    }

    private BroadcastTopic made(String product, String name) {
        return new BroadcastTopic(product, name, nanos, bytes);
    }
}
