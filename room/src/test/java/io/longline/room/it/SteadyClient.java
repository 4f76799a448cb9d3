package io.longline.room.it;

import io.longline.rpc.v1.Endpoint;
import io.longline.v1.ServerFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client of product {@code other} that acknowledges what it gets, and comes back whenever its link is gone. */
final class SteadyClient implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Surroundings world;
    private final String user;
    private final List<Long> got = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private final AtomicInteger links = new AtomicInteger();
    private volatile boolean over;
    private volatile @Nullable NativeClient link;

    SteadyClient(Surroundings world, String user) {
        this.world = world;
        this.user = user;
        thread.start();
    }

    Endpoint endpoint() {
        return Surroundings.endpoint("other", user, "default");
    }

    /** What it was given, without what came again. */
    List<Long> got() {
        return got;
    }

    /** On how many links it said hello. */
    int links() {
        return links.get();
    }

    /** Its link breaks. */
    void drop() throws IOException {
        NativeClient present = link;
        if (present != null) {
            present.close();
        }
    }

    private long last() {
        return got.isEmpty() ? 0 : got.getLast();
    }

    private void run() {
        while (!over) {
            try (NativeClient now = world.connect()) {
                link = now;
                now.hello(world.bind(1, "other", user, last()));
                links.incrementAndGet();
                while (!over && take(now)) {}
                now.within(PAUSE); // nothing comes any more
            } catch (Exception e) {
                // it comes back
            }
        }
    }

    private boolean take(NativeClient from) throws Exception {
        Optional<ServerFrame> frame = from.within(PAUSE);
        if (frame.isPresent() && frame.get().hasPush()) {
            long seq = frame.get().getPush().getSeq();
            if (seq > last()) {
                got.add(seq);
            }
            from.ack(1, seq);
        }
        return frame.isEmpty() || frame.get().getKindCase() != ServerFrame.KindCase.KIND_NOT_SET;
    }

    @Override
    public void close() throws IOException {
        over = true;
        drop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
