package io.longline.deploy.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One connection through a proxy. */
final class Connection {
    private static final int CONNECT_MS = 5_000;

    private final Socket client;
    private final Socket server = new Socket();
    private final String from;
    private final ProxyPort.Target target;
    private final ProxyPort.TermsBetween terms;
    private final Direction there;
    private final Direction back;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean over;

    Connection(Socket client, String from, ProxyPort.Target target, ProxyPort.TermsBetween terms) {
        this.client = client;
        this.from = from;
        this.target = target;
        this.terms = terms;
        this.there = new Direction(client, server, target.delay(), this::reset);
        this.back = new Direction(server, client, ByteDelay.NONE, this::reset);
    }

    /** Until both sides have said all they had to say. */
    void carry() {
        termsChanged();
        try {
            if (!awaitPassage()) {
                return;
            }
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()), CONNECT_MS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread backward = ProxyPort.thread("proxied-from-" + target.part()).start(back::carry);
            there.carry();
            backward.join();
        } catch (IOException e) {
            reset(); // nobody listens there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection that begins in a black hole hangs. False: it was reset meanwhile. */
    private boolean awaitPassage() throws InterruptedException {
        lock.lock();
        try {
            while (!over && (toServer().blackHole() || toClient().blackHole())) {
                changed.await();
            }
            return !over;
        } finally {
            lock.unlock();
        }
    }

    private Terms toServer() {
        return terms.of(from, target.part());
    }

    private Terms toClient() {
        return terms.of(target.part(), from);
    }

    void termsChanged() {
        Terms forward = toServer();
        Terms backward = toClient();
        if (forward.reset() || backward.reset()) {
            reset();
            return;
        }
        there.set(forward);
        back.set(backward);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Both sides are told so. */
    void reset() {
        linger(client);
        linger(server);
        close();
    }

    private static void linger(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed already
        }
    }

    void close() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        there.end();
        back.end();
        close(client);
        close(server);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // as good as closed
        }
    }
}
