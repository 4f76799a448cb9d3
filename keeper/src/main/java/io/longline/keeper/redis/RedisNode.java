package io.longline.keeper.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An address of Redis: the link to it, if there is one, and the attempts to make one, with growing pauses. */
final class RedisNode {

    private static final Logger log = LoggerFactory.getLogger(RedisNode.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final RedisURI uri;
    private final Function<RedisURI, RedisLink> connector;
    private final Runnable attempted;
    /** Guarded by this, as all below. */
    private @Nullable RedisLink link;

    private boolean dialing;
    private long dialedNanos;
    private Duration pause = FIRST_PAUSE;
    private long notBeforeNanos = System.nanoTime();
    private boolean closed;

    /**
     * The address alone; {@link #dial} connects.
     *
     * @param connector blocks
     * @param attempted told when an attempt is over, whatever came of it
     */
    RedisNode(RedisURI uri, Function<RedisURI, RedisLink> connector, Runnable attempted) {
        this.uri = uri;
        this.connector = connector;
        this.attempted = attempted;
    }

    static String address(RedisURI uri) {
        return uri.getHost() + ":" + uri.getPort();
    }

    String address() {
        return address(uri);
    }

    /** The link, if it is open. */
    synchronized @Nullable RedisLink open() {
        return link != null && link.open() ? link : null;
    }

    /** Begins to connect, unless there is a link or an attempt, or it is too early after a failure. */
    synchronized void dial() {
        long now = System.nanoTime();
        if (closed || dialing || open() != null || now - notBeforeNanos < 0) {
            return;
        }
        dialing = true;
        dialedNanos = now;
        var _ = Thread.ofVirtual().name("redis-connecting").start(this::attempt);
    }

    /** Whether an attempt is on that has not taken longer than this yet. */
    synchronized boolean mayAnswerWithin(Duration time) {
        return dialing && System.nanoTime() - dialedNanos < time.toNanos();
    }

    private void attempt() {
        try {
            made(connector.apply(uri));
        } catch (RuntimeException e) {
            failed(e);
        }
        attempted.run();
    }

    private synchronized void made(RedisLink made) {
        dialing = false;
        pause = FIRST_PAUSE;
        hangUp();
        if (closed) {
            made.close();
        } else {
            link = made;
        }
    }

    private synchronized void failed(RuntimeException error) {
        if (!closed && pause.equals(FIRST_PAUSE)) {
            log.warn("Redis is away, trying until it is back address={} error=\"{}\"", address(), error.getMessage());
        }
        dialing = false;
        notBeforeNanos =
                System.nanoTime() + ThreadLocalRandom.current().nextLong(pause.toNanos() / 2, pause.toNanos() + 1);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Whether nothing is here to be closed. */
    synchronized boolean hungUp() {
        return link == null && !dialing;
    }

    /** Ends the link; a later {@link #dial} makes another. */
    synchronized void hangUp() {
        if (link != null) {
            link.close();
            link = null;
        }
    }

    /** Makes no link any more; the present one ends with the connector. */
    synchronized void close() {
        closed = true;
    }
}
