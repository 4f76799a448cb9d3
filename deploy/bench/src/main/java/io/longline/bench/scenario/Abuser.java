package io.longline.bench.scenario;

import io.longline.frames.FrameEncoder;
import io.longline.frames.Preamble;
import io.longline.v1.ClientFrame;
import io.longline.v1.Hello;
import io.longline.v1.Ping;
import io.longline.v1.Unbind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Some who do one thing to a room again and again, each on its own connection, until this is closed. */
final class Abuser implements AutoCloseable {
    private static final int READ_BYTES = 4_096;
    /** 100,000 a minute, of all. */
    private static final int CONNECTS_A_SECOND = 1_667;

    private final InetSocketAddress room;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder begun = new LongAdder();
    private volatile boolean over;

    private Abuser(InetSocketAddress room) {
        this.room = room;
    }

    /** What they do. */
    enum Deed {
        DRIPS("a hello byte by byte", 200) {
            @Override
            void once(Abuser by, Socket socket) throws IOException {
                for (byte one : HELLO) {
                    socket.getOutputStream().write(one);
                    Pause.of(DRIP);
                }
                readToTheEnd(socket);
            }
        },
        HALF_CLOSES("half-closed", 20) {
            @Override
            void once(Abuser by, Socket socket) throws IOException {
                socket.getOutputStream().write(HELLO);
                socket.shutdownOutput();
                readToTheEnd(socket);
                Pause.of(DRIP);
            }
        },
        RESETS("reset in the midst of a hello", 20) {
            @Override
            void once(Abuser by, Socket socket) throws IOException {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(HELLO, 0, HELLO.length / 2);
                Pause.of(DRIP);
            }
        },
        PINGS("floods of pings", 10) {
            @Override
            void once(Abuser by, Socket socket) throws IOException {
                socket.getOutputStream().write(HELLO);
                for (int i = 0; i < BURSTS; i++) {
                    socket.getOutputStream().write(PINGS_AT_ONCE);
                }
                readToTheEnd(socket); // it is closed: these are more than a client may send in a minute
            }
        },
        NEVER_READS("asks and never reads", 10) {
            @Override
            void once(Abuser by, Socket socket) throws IOException {
                socket.getOutputStream().write(HELLO);
                while (!by.over) {
                    socket.getOutputStream().write(UNBINDS_AT_ONCE); // each is answered by an error
                }
            }
        },
        CONNECTS("100,000 connects a minute", 8) {
            @Override
            void once(Abuser by, Socket socket) throws IOException {
                socket.getOutputStream().write(HELLO, 0, Preamble.bytes().length);
                Pause.of(Duration.ofMillis(1_000L * people() / CONNECTS_A_SECOND));
            }
        };

        private static final Duration DRIP = Duration.ofMillis(50);
        private static final int BURSTS = 20;
        private static final int AT_ONCE = 200;
        /** Of nobody, with a heartbeat that is never due here. */
        private static final byte[] HELLO = joined(
                Preamble.bytes(),
                frame(ClientFrame.newBuilder().setHello(Hello.newBuilder().setHeartbeatS(600))));

        private static final byte[] PINGS_AT_ONCE =
                times(frame(ClientFrame.newBuilder().setPing(Ping.getDefaultInstance())));
        private static final byte[] UNBINDS_AT_ONCE = times(
                frame(ClientFrame.newBuilder().setUnbind(Unbind.newBuilder().setRef(7))));

        private final String words;
        private final int people;

        Deed(String words, int people) {
            this.words = words;
            this.people = people;
        }

        /** On a connection of its own, which is closed afterwards; what the room does to it is an error here, and right. */
        abstract void once(Abuser by, Socket socket) throws IOException;

        String words() {
            return words;
        }

        int people() {
            return people;
        }

        private static byte[] frame(ClientFrame.Builder frame) {
            return FrameEncoder.encode(frame.build()).array();
        }

        private static byte[] times(byte[] one) {
            byte[][] all = new byte[AT_ONCE][];
            Arrays.fill(all, one);
            return joined(all);
        }

        private static byte[] joined(byte[]... parts) {
            byte[] all =
                    new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return all;
        }

        private static void readToTheEnd(Socket socket) throws IOException {
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[READ_BYTES];
            while (in.read(bytes) >= 0) {
                // what it says is not looked at
            }
        }
    }

    static Abuser start(Deed deed, InetSocketAddress room) {
        Abuser abuser = new Abuser(room);
        for (int i = 0; i < deed.people(); i++) {
            abuser.threads.add(Thread.ofVirtual().name(deed.words() + " " + i).start(() -> abuser.repeat(deed)));
        }
        return abuser;
    }

    private void repeat(Deed deed) {
        while (!over) {
            Socket socket = new Socket();
            open.add(socket);
            try (socket) {
                socket.setTcpNoDelay(true);
                socket.connect(room);
                begun.increment();
                deed.once(this, socket);
            } catch (IOException e) {
                Pause.of(Duration.ofMillis(1)); // refused, reset or closed: as it should be
            } finally {
                open.remove(socket);
            }
        }
    }

    /** How often it was begun. */
    long begun() {
        return begun.sum();
    }

    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            do {
                open.forEach(Abuser::close);
                Pause.of(Duration.ofMillis(1));
            } while (thread.isAlive());
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed is closed
        }
    }
}
