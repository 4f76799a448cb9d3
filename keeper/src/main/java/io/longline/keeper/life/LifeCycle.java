package io.longline.keeper.life;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a server in the order they were opened. Closes them in reverse, once, every one of them even if one throws.
 * A part may be added while the server runs; one that is added after the close is closed at once.
 */
public final class LifeCycle implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LifeCycle.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private boolean closed;

    /** The part itself, which is from now on closed with the others. */
    public <T extends AutoCloseable> T add(T part) {
        synchronized (parts) {
            if (!closed) {
                parts.push(part);
                return part;
            }
        }
        close(part);
        throw new IllegalStateException("closed already: " + part.getClass().getSimpleName() + " was not added");
    }

    @Override
    public void close() {
        synchronized (parts) {
            closed = true;
        }
        for (AutoCloseable part = next(); part != null; part = next()) {
            close(part);
        }
    }

    private @Nullable AutoCloseable next() {
        synchronized (parts) {
            return parts.poll();
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.warn("closing {} failed, the others follow", part.getClass().getSimpleName(), e);
        }
    }
}
