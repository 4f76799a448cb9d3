package io.longline.bench.failure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Many sessions on real links, kept alive. */
final class Sessions implements AutoCloseable {
    private static final int HANDSHAKES = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_MS = 500;
    private static final Duration PING_EVERY = Duration.ofMinutes(3);

    private final List<SessionLink> links = new ArrayList<>();
    private final ScheduledExecutorService pings = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("pings").factory());

    static String user(int index) {
        return "session-" + index;
    }

    /**
     * Opens them, spread over the rooms; returns when all are bound.
     *
     * @param perLink sessions on one link
     */
    void open(List<InetSocketAddress> rooms, int count, int perLink) {
        Semaphore handshakes = new Semaphore(HANDSHAKES);
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SessionLink>> opening = new ArrayList<>();
            for (int first = 0; first < count; first += perLink) {
                List<String> users = IntStream.range(first, Math.min(count, first + perLink))
                        .mapToObj(Sessions::user)
                        .toList();
                InetSocketAddress room = rooms.get(opening.size() % rooms.size());
                opening.add(all.submit(() -> open(room, users, handshakes)));
            }
            for (Future<SessionLink> each : opening) {
                links.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("not all sessions could be bound", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sessions were bound", e);
        }
        var _ = pings.scheduleAtFixedRate(this::ping, PING_EVERY.toSeconds(), PING_EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    /** A link that is refused tries again, as clients do; its share of the patience begins with its turn. */
    private static SessionLink open(InetSocketAddress room, List<String> users, Semaphore handshakes)
            throws IOException, InterruptedException {
        handshakes.acquire();
        try {
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                try {
                    return SessionLink.open(room, users);
                } catch (IOException e) {
                    if (System.nanoTime() - until > 0) {
                        throw e;
                    }
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
                }
            }
        } finally {
            handshakes.release();
        }
    }

    private void ping() {
        for (SessionLink link : links) {
            try {
                link.ping();
            } catch (IOException e) {
                link.close(); // it is counted as lost
            }
        }
    }

    int links() {
        return links.size();
    }

    @Override
    public void close() {
        pings.shutdownNow();
        links.forEach(SessionLink::close);
    }
}
