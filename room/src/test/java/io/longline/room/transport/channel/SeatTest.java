package io.longline.room.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.CloseCode;
import io.longline.room.RoomMetrics;
import io.longline.room.fake.Doors;
import io.longline.room.transport.Ending;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkKind;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.Guest;
import io.longline.room.transport.loop.NettyLoop;
import io.longline.room.transport.loop.Pulse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeatTest {
    private static final LinkConfig CONFIG =
            new LinkConfig(LinkKind.CHANNEL, List.of(0), 1, 1024, Duration.ofSeconds(10), Duration.ofSeconds(2));

    private static final RoomMetrics METRICS = new RoomMetrics(new SimpleMeterRegistry());

    private final Entrance entrance = new Entrance(
            CONFIG,
            link -> {
                throw new AssertionError("no link is opened here");
            },
            Doors.taking(100, METRICS),
            METRICS);
    private final NettyLoop loop = new NettyLoop(
            0, new EmbeddedChannel().eventLoop(), new Pulse(System::nanoTime, Long.MAX_VALUE), since -> {});
    private final List<String> told = new ArrayList<>();

    private Guest guest(String name) {
        return new Guest() {
            @Override
            public void leave(Ending why) {
                told.add(name);
            }

            @Override
            public void silent() {}

            @Override
            public void abandon() {}
        };
    }

    private Seat seat(EmbeddedChannel channel, String name) {
        return new Seat(channel, loop, entrance, guest(name));
    }

    @Test
    void aSeatThatWasLeftTouchesNobodyElses() {
        EmbeddedChannel first = new EmbeddedChannel();
        Seat left = seat(first, "first");
        Seat unrelated = seat(new EmbeddedChannel(), "second");
        assertThat(first.close().isSuccess()).isTrue();

        left.allowSilence(2_000);
        left.seen();
        left.pass(guest("ghost"));
        seat(new EmbeddedChannel(), "third");
        seat(new EmbeddedChannel(), "fourth");
        left.pass(guest("ghost"));

        loop.guests().forEach(guest -> guest.leave(Ending.of(CloseCode.GOING_AWAY)));
        assertThat(told).containsExactlyInAnyOrder("second", "third", "fourth");
        assertThat(loop.guests().size()).isEqualTo(3);
        assertThat(unrelated.loop()).isSameAs(loop);
    }
}
