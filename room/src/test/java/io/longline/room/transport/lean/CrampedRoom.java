package io.longline.room.transport.lean;

import io.longline.frames.DecodeResult;
import io.longline.room.RoomMetrics;
import io.longline.room.fake.Doors;
import io.longline.room.transport.Link;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkKind;
import io.longline.room.transport.LinkListener;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.EventLoops;
import io.longline.v1.ClientFrame;
import io.longline.v1.Pong;
import io.longline.v1.ServerFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A process that answers pings on lean links, to be started with few files; says its port, and ends with its input. */
final class CrampedRoom {
    private static final LinkConfig CONFIG =
            new LinkConfig(LinkKind.LEAN, List.of(0), 1, 1024, Duration.ofMinutes(1), Duration.ofMillis(500));

    private CrampedRoom() {}

    private record Echo(Link link) implements LinkListener {
        @Override
        public void received(DecodeResult<ClientFrame> result) {
            link.write(
                    ServerFrame.newBuilder().setPong(Pong.getDefaultInstance()).build());
            link.flush();
        }

        @Override
        public void writable() {}

        @Override
        public void silent() {}

        @Override
        public void closed(int code) {}
    }

    @SuppressWarnings("SystemOut") // whoever started it reads that
    public static void main(String[] args) throws IOException {
        EventLoops loops =
                new EventLoops(1, new EventLoops.Stops(System::nanoTime, Duration.ofMinutes(1), since -> {}));
        RoomMetrics metrics = new RoomMetrics(new SimpleMeterRegistry());
        Entrance entrance = new Entrance(CONFIG, Echo::new, Doors.taking(10_000, metrics), metrics);
        System.out.println("port " + new LeanAcceptor(loops, entrance).listen(0));
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
