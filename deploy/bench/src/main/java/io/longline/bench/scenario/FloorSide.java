package io.longline.bench.scenario;

import io.longline.bench.crowd.CrowdSetup;
import io.longline.bench.crowd.Crowds;
import io.longline.bench.measure.Floor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The floor with a crowd of its own. */
final class FloorSide implements AutoCloseable {
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(30);

    private final Floor floor;
    private final Crowds crowd;

    private FloorSide(Floor floor, Crowds crowd) {
        this.floor = floor;
        this.crowd = crowd;
    }

    /** Connected; null where there is no C compiler. */
    static @Nullable FloorSide start(int connections, int payloadBytes, Path folder) {
        Optional<Path> program = Floor.compile(folder);
        if (program.isEmpty()) {
            return null;
        }
        Floor floor = Floor.start(program.get(), connections, payloadBytes);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), floor.port());
        Crowds crowd = Crowds.start(CrowdSetup.bare(address), connections, folder);
        FloorSide side = new FloorSide(floor, crowd);
        try {
            crowd.connect(connections);
            return side;
        } catch (RuntimeException e) {
            side.close();
            throw e;
        }
    }

    /** Sends so many messages to each connection, one a call, and waits until they have come. */
    double perCpuSecond(int messages) {
        Floor.Sent sent = floor.send(messages, 1);
        AtomicLong arrived = new AtomicLong();
        Pause.until(() -> arrived.addAndGet(crowd.counts().messages()) >= sent.deliveries(), ARRIVE_WITHIN);
        return sent.deliveries() / sent.cpuSeconds();
    }

    @Override
    public void close() {
        crowd.close();
        floor.close();
    }
}
