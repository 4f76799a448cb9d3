package io.longline.deploy.cluster;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a part, but does not wait for it for ever: what comes after it must be closed too. */
record BoundedClose(String name, AutoCloseable part, Consumer<String> progress) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BoundedClose.class);
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Override
    public void close() {
        Thread closing = Thread.ofVirtual().name("close-" + name).start(this::closePart);
        try {
            if (!closing.join(LIMIT)) {
                progress.accept(name + " did not stop within " + LIMIT.toSeconds() + " s, going on without it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closePart() {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.warn("closing {} failed", name, e);
        }
    }
}
