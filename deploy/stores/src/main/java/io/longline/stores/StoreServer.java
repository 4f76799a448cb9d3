package io.longline.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

/**
 * A store in a process of its own, on the loopback address. The port and the data stay the same over stops and starts.
 * Safe for use by many threads: whoever starts, stops or kills it waits for the one before.
 */
public abstract class StoreServer implements AutoCloseable {
    private static final int PROBE_TIMEOUT_MS = 1000;

    private final StoreDirectory directory;
    private final StoreProcess process;
    private volatile int port;
    /** It was started, and nobody has told it to stop since. */
    private boolean wanted;

    /**
     * What all stores need.
     *
     * @param name of its files
     * @param program the name of its program, by which a process that was left is recognised
     * @param port 0: a free one, chosen at the first start
     */
    StoreServer(String name, String program, StoreDirectory directory, int port) {
        this.directory = directory;
        this.process = new StoreProcess(name, List.of(program), directory.path());
        this.port = port;
    }

    /** Told when the process of a store ended without having been told to. */
    @FunctionalInterface
    public interface DeathListener {
        /** On a thread that may block. */
        void died(int exitCode);
    }

    /** What runs, on this port; called before each start. */
    abstract List<String> command(int onPort) throws IOException;

    /** Whether the server at the other end is ready; throws when it is not. */
    abstract boolean answers(Socket socket) throws IOException;

    /** Where it shall listen if nobody says so. */
    int freePort() {
        return Ports.free();
    }

    /** Ends a process left on this folder, starts one, and returns when it serves. */
    public synchronized StoreServer start() {
        wanted = true;
        process.requireStopped();
        process.endLeftover();
        if (port == 0) {
            port = freePort();
        }
        Ports.requireFree(port);
        try {
            process.start(command(port), this::answers);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + directory.path(), e);
        }
        return this;
    }

    /** Whether it answers, within a second. */
    public boolean isServing() {
        try {
            return answers();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answers() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_TIMEOUT_MS);
            socket.setSoTimeout(PROBE_TIMEOUT_MS);
            return answers(socket);
        }
    }

    /**
     * Starts it if its process died, or could not be started the last time, and nobody has stopped it since.
     *
     * @return whether it was started
     */
    public synchronized boolean revive() {
        if (!wanted || process.isRunning()) {
            return false;
        }
        start();
        return true;
    }

    /** Orderly: everything is flushed. */
    public synchronized void stop() {
        wanted = false;
        process.stop();
    }

    /** SIGKILL: what was not flushed is lost. */
    public synchronized void kill() {
        wanted = false;
        process.kill();
    }

    /** {@link #stop} and {@link #start}. */
    public synchronized void restart() {
        stop();
        start();
    }

    /** Ends a process left on this folder and deletes all data. Only while stopped. */
    public synchronized void empty() {
        process.requireStopped();
        process.endLeftover();
        directory.empty();
    }

    /** SIGSTOP: connections stay open, nothing is answered until {@link #resume}. */
    public void pause() {
        process.pause();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    /** Whether its process lives; also true while it is paused. */
    public boolean isRunning() {
        return process.isRunning();
    }

    /** One listener; not told of processes that this object ended, or that did not come to serve. */
    public synchronized void onDeath(DeathListener listener) {
        process.onDeath(listener);
    }

    /** Stops it, also while it is being started, and deletes the folder if it is temporary. */
    @Override
    public void close() {
        process.abandon();
        synchronized (this) {
            wanted = false;
            process.stop();
            directory.close();
        }
    }

    /** 0 before the first start on a port that was not given. */
    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public Path directory() {
        return directory.path();
    }

    /** What its process says. */
    public Path log() {
        return process.output();
    }
}
