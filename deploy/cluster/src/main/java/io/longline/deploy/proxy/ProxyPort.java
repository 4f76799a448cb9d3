package io.longline.deploy.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A listening port before that of a part. */
final class ProxyPort implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final long STACK_BYTES = 256 << 10;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Target target;
    private final Caller caller;
    private final TermsBetween terms;
    private final ServerSocket listening;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** The part at the other side, where it listens, and what holds back what is said to it. */
    record Target(String part, int port, ByteDelay delay) {}

    /** Tells who has the socket with these ports. */
    @FunctionalInterface
    interface Caller {
        String nameOf(int callerPort, int proxyPort);
    }

    /** What holds for one direction. */
    @FunctionalInterface
    interface TermsBetween {
        Terms of(String speaker, String hearer);
    }

    ProxyPort(Target target, Caller caller, TermsBetween terms) throws IOException {
        this.target = target;
        this.caller = caller;
        this.terms = terms;
        this.listening = new ServerSocket();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    }

    void start() {
        Thread.ofVirtual().name("proxy-" + target.part()).start(this::accept);
    }

    /** Who reads and writes all day is woken with fewer system calls on a thread of the system. */
    static Thread.Builder thread(String name) {
        return Thread.ofPlatform().daemon().stackSize(STACK_BYTES).name(name);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listening.accept();
                thread("proxied-" + target.part()).start(() -> carry(client));
            } catch (IOException e) {
                LockSupport.parkNanos(RETRY_NANOS); // this process has too many files open
            }
        }
    }

    private void carry(Socket client) {
        String from = caller.nameOf(client.getPort(), port());
        Connection connection = new Connection(client, from, target, terms);
        connections.add(connection);
        try {
            if (!closed) {
                connection.carry();
            }
        } finally {
            connections.remove(connection);
            connection.close();
        }
    }

    void termsChanged() {
        connections.forEach(Connection::termsChanged);
    }

    @Override
    public void close() {
        closed = true;
        try {
            listening.close();
        } catch (IOException e) {
            // it takes no more connections either way
        }
        connections.forEach(Connection::reset);
    }
}
