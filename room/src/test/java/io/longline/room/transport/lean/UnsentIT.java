package io.longline.room.transport.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** What a socket does not take at once, of its own and of what others are sent too. */
@Timeout(60)
@EnabledIf("isEpollThere")
class UnsentIT {
    private final Random random = new Random(42);
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();

    static boolean isEpollThere() {
        return Epoll.isAvailable();
    }

    private ByteBuf shared(int size) {
        return ByteBufAllocator.DEFAULT.directBuffer(size).writeBytes(some(size));
    }

    private byte[] some(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private void append(Unsent unsent, ByteBuf shared) {
        byte[] bytes = new byte[shared.readableBytes()];
        shared.getBytes(shared.readerIndex(), bytes);
        expected.writeBytes(bytes);
        unsent.append(shared);
    }

    private void own(Unsent unsent, int size) {
        byte[] bytes = some(size);
        expected.writeBytes(bytes);
        unsent.own().writeBytes(bytes);
    }

    private static Socket connected(ServerSocket port) throws Exception {
        Socket socket = Socket.newSocketStream();
        if (!socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getLocalPort()))) {
            while (!socket.finishConnect()) {
                Thread.onSpinWait();
            }
        }
        return socket;
    }

    @Test
    void allComesInOrderHoweverTheSocketTakesItAndWhatIsSharedStaysAsItIs() throws Exception {
        ByteBuf small = shared(100);
        ByteBuf large = shared(3_000_000);
        ByteBuf untouched = large.copy();
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket socket = connected(port);
            try (var peer = port.accept()) {
                Unsent unsent = new Unsent();
                append(unsent, small);
                append(unsent, large);
                assertThat(large.refCnt()).as("not copied").isEqualTo(2);
                own(unsent, 20);
                append(unsent, small);
                append(unsent, large);
                append(unsent, small);
                own(unsent, 5_000);
                assertThat(unsent.size()).isEqualTo(expected.size());
                assertThat(unsent.sendTo(socket)).as("nobody reads").isFalse();
                assertThat(unsent.size()).isLessThan(expected.size());
                own(unsent, 7);
                append(unsent, small);

                byte[] had = new byte[expected.size()];
                int at = 0;
                InputStream in = peer.getInputStream();
                while (at < had.length) {
                    boolean all = unsent.sendTo(socket);
                    at += all ? in.readNBytes(had, at, had.length - at) : in.read(had, at, had.length - at);
                }
                assertThat(had).isEqualTo(expected.toByteArray());
                assertThat(unsent.size()).isZero();
            } finally {
                socket.close();
            }
        }
        assertThat(large).isEqualTo(untouched);
        assertThat(large.refCnt()).isEqualTo(1);
        assertThat(small.refCnt()).isEqualTo(1);
    }

    @Test
    void whatIsNotSentAnyMoreIsGivenBack() {
        ByteBuf large = shared(10_000);
        Unsent unsent = new Unsent();
        own(unsent, 10);
        append(unsent, large);
        append(unsent, large);

        unsent.release();

        assertThat(large.refCnt()).isEqualTo(1);
        assertThat(unsent.size()).isZero();
    }
}
