package io.longline.room.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.frames.DecodeResult;
import io.longline.frames.FrameLimits;
import io.longline.room.RoomMetrics;
import io.longline.room.fake.Doors;
import io.longline.room.transport.LinkConfig;
import io.longline.room.transport.LinkKind;
import io.longline.room.transport.LinkListener;
import io.longline.room.transport.loop.Entrance;
import io.longline.room.transport.loop.NettyLoop;
import io.longline.room.transport.loop.Pulse;
import io.longline.room.transport.speech.WebSocketFormat;
import io.longline.room.transport.speech.WebSocketFormats;
import io.longline.v1.ClientFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebSocketHandlerTest {
    private static final LinkConfig CONFIG =
            new LinkConfig(LinkKind.CHANNEL, List.of(0), 1, 1024, Duration.ofSeconds(10), Duration.ofSeconds(2));

    private int flushes;
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
            ctx.flush();
        }
    });

    /** Hears nothing. */
    private record Deaf() implements LinkListener {
        @Override
        public void received(DecodeResult<ClientFrame> result) {}

        @Override
        public void writable() {}

        @Override
        public void silent() {}

        @Override
        public void closed(int code) {}
    }

    @Test
    void pingsThatComeTogetherAreAnsweredTogether() {
        RoomMetrics metrics = new RoomMetrics(new SimpleMeterRegistry());
        Entrance entrance = new Entrance(CONFIG, link -> new Deaf(), Doors.taking(100, metrics), metrics);
        NettyLoop loop =
                new NettyLoop(0, channel.eventLoop(), new Pulse(System::nanoTime, Long.MAX_VALUE), since -> {});
        FirstBytes first = new FirstBytes(channel, loop, entrance);
        Seat seat = new Seat(channel, loop, entrance, first);
        WebSocketFormat format = WebSocketFormats.of(FrameLimits.of(1024)).json();
        channel.pipeline().addLast(new WebSocketHandler(ChannelLink.open(seat, new MessageFormat(format)), format));

        channel.writeInbound(new PingWebSocketFrame(), new PingWebSocketFrame(), new PingWebSocketFrame());

        assertThat(channel.outboundMessages()).hasSize(3).allMatch(PongWebSocketFrame.class::isInstance);
        assertThat(flushes).isEqualTo(1);
    }
}
