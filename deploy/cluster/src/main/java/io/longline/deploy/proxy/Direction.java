package io.longline.deploy.proxy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a connection says to the other. While nothing stands in the way it is written by the thread that read it;
 * otherwise it waits in a bounded queue for a thread of its own, and beyond that nothing is read on.
 */
final class Direction {
    private static final int BUFFER = 16 << 10;
    private static final int QUEUED_BYTES = 256 << 10;

    /** So much of a second's bytes is written at once where they are few. */
    private static final int SLICES_A_SECOND = 20;

    private final Socket from;
    private final Socket to;
    private final ByteDelay delay;
    private final Runnable reset;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Piece> queue = new ArrayDeque<>();
    private int queued;
    private boolean writing;
    private boolean over;
    private Terms terms = Terms.NONE;
    private @Nullable Thread writer;

    /** Something that waits. */
    private static final class Piece {
        /** None: the speaker has ended. */
        final byte[] bytes;

        /** When it was read, and what it has to wait beside the latency. */
        final long since;

        Piece(byte[] bytes, long since) {
            this.bytes = bytes;
            this.since = since;
        }
    }

    /**
     * Creates one for two sockets.
     *
     * @param reset called when the connection breaks
     */
    Direction(Socket from, Socket to, ByteDelay delay, Runnable reset) {
        this.from = from;
        this.to = to;
        this.delay = delay;
        this.reset = reset;
    }

    void set(Terms newTerms) {
        lock.lock();
        try {
            terms = newTerms;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits here goes on, and ends. */
    void end() {
        lock.lock();
        try {
            over = true;
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Reads until the speaker ends, and returns when all of it was heard. */
    void carry() {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                pass(buffer, read);
            }
            pass(buffer, 0);
            awaitWritten();
        } catch (IOException e) {
            breakOff();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset.run();
        }
    }

    /** A broken connection is told of as late as everything else. */
    private void breakOff() {
        lock.lock();
        try {
            while (!over && (terms.blackHole() || !queue.isEmpty())) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        reset.run();
    }

    private void pass(byte[] buffer, int length) throws IOException, InterruptedException {
        Duration wait = delay.of(buffer, length);
        if (wait.isZero() && beginWriting()) {
            try {
                write(buffer, 0, length);
            } finally {
                endWriting();
            }
        } else {
            enqueue(new Piece(Arrays.copyOf(buffer, length), System.nanoTime() + wait.toNanos()));
        }
    }

    /** True: nothing stands in the way, and nothing will be written by anybody else until {@link #endWriting}. */
    private boolean beginWriting() {
        lock.lock();
        try {
            writing = queue.isEmpty() && !writing && terms.equals(Terms.NONE);
            return writing;
        } finally {
            lock.unlock();
        }
    }

    private void endWriting() {
        lock.lock();
        try {
            writing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Piece piece) throws InterruptedException {
        lock.lock();
        try {
            while (!over && queued > QUEUED_BYTES) {
                changed.await();
            }
            if (over) {
                return;
            }
            queue.add(piece);
            queued += piece.bytes.length;
            changed.signalAll();
            if (writer == null) {
                writer = Thread.ofVirtual().name("proxied-late").start(this::writeQueue);
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitWritten() throws InterruptedException {
        lock.lock();
        try {
            while (!over && (!queue.isEmpty() || writing)) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void writeQueue() {
        try {
            for (Piece piece = awaitDue(); piece != null; piece = awaitDue()) {
                writeInSlices(piece.bytes);
                lock.lock();
                try {
                    queue.poll();
                    queued -= piece.bytes.length;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        } catch (IOException e) {
            reset.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first that waits, when its time has come; it stays in the queue. Null: the end. */
    private @Nullable Piece awaitDue() throws InterruptedException {
        lock.lock();
        try {
            while (!over) {
                Piece first = queue.peek();
                long left = first == null ? 0 : first.since + terms.latency().toNanos() - System.nanoTime();
                if (first == null || terms.blackHole()) {
                    changed.await();
                } else if (left > 0) {
                    changed.awaitNanos(left);
                } else {
                    return first;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void writeInSlices(byte[] bytes) throws IOException, InterruptedException {
        if (bytes.length == 0) {
            write(bytes, 0, 0);
        }
        for (int at = 0; at < bytes.length; ) {
            int length = (int) Math.min(bytes.length - at, awaitSlice());
            if (length == 0) {
                return;
            }
            write(bytes, at, length);
            at += length;
        }
    }

    /** How many bytes may be written now; 0: the end. */
    private long awaitSlice() throws InterruptedException {
        lock.lock();
        try {
            while (!over && terms.blackHole()) {
                changed.await();
            }
            if (over) {
                return 0;
            }
            if (terms.bytesPerSecond() == 0) {
                return Long.MAX_VALUE;
            }
            long begun = System.nanoTime();
            long slice = Math.max(1, terms.bytesPerSecond() / SLICES_A_SECOND);
            while (!over && System.nanoTime() - begun < nanosFor(slice)) {
                changed.awaitNanos(nanosFor(slice) - (System.nanoTime() - begun));
            }
            return over ? 0 : slice;
        } finally {
            lock.unlock();
        }
    }

    /** At the bandwidth of this moment. */
    private long nanosFor(long bytes) {
        return terms.bytesPerSecond() == 0 ? 0 : TimeUnit.SECONDS.toNanos(bytes) / terms.bytesPerSecond();
    }

    /** Nothing: the speaker has ended. */
    private void write(byte[] bytes, int at, int length) throws IOException {
        if (length == 0) {
            to.shutdownOutput();
        } else {
            to.getOutputStream().write(bytes, at, length);
        }
    }
}
