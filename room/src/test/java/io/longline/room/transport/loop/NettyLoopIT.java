package io.longline.room.transport.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.room.transport.Loop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NettyLoopIT {
    private static final int MANY = 100;

    private final EventLoops loops =
            new EventLoops(1, new EventLoops.Stops(System::nanoTime, Duration.ofMinutes(10), _ -> {}));

    /** Reads all there is on the one loop. */
    @Sharable
    private static final class Reader extends ChannelInboundHandlerAdapter {
        final CountDownLatch connected = new CountDownLatch(1);
        boolean hasRead; // the loop's

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            connected.countDown();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ReferenceCountUtil.release(bytes);
            hasRead = true;
        }
    }

    /** Says something in its first piece, and goes on until that was read. */
    private static final class LongWork {
        final CompletableFuture<Integer> pieces = new CompletableFuture<>();
        private final Loop loop;
        private final Socket client;
        private final Reader reader;
        private int done;

        LongWork(Loop loop, Socket client, Reader reader) {
            this.loop = loop;
            this.client = client;
            this.reader = reader;
        }

        void goOn() {
            if (done++ == 0) {
                say();
            }
            if (reader.hasRead || done > MANY) {
                pieces.complete(done);
            } else {
                loop.afterOthers(this::goOn);
            }
        }

        private void say() {
            try {
                client.getOutputStream().write(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void whatComesInIsReadBetweenThePiecesOfSomethingLong() throws Exception {
        Reader reader = new Reader();
        Channel port = new ServerBootstrap()
                .group(loops.group())
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childHandler(reader)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        try (loops;
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), ((InetSocketAddress) port.localAddress()).getPort())) {
            reader.connected.await();
            LongWork work = new LongWork(loops.all().getFirst(), client, reader);
            loops.all().getFirst().execute(work::goOn);

            assertThat(work.pieces.get(30, TimeUnit.SECONDS)).isLessThan(MANY);
        }
    }
}
