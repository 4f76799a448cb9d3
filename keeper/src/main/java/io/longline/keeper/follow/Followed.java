package io.longline.keeper.follow;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest of a value's versions. Followers are told of versions in order, the newest always, and never by two threads
 * at a time; of those that come while a follower is busy, only the last. So nothing queues up.
 */
public final class Followed<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Followed.class);

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Thread> followers = ConcurrentHashMap.newKeySet();
    private volatile Version<T> present;

    /** {@code first} is version 0; {@code name} is what its threads and log lines are called by. */
    public Followed(String name, T first) {
        this.name = name;
        this.present = new Version<>(0, first);
    }

    public Version<T> present() {
        return present;
    }

    public T value() {
        return present.value;
    }

    /** Makes a new version, also of an equal value. */
    public void set(T value) {
        lock.lock();
        try {
            present = new Version<>(present.number + 1, value);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Tells the listener of every version after {@code told}, on a thread of its own, until closed. It may block. */
    public AutoCloseable follow(long told, Consumer<T> listener) {
        Thread follower = Thread.ofVirtual().name(name + "-follower").unstarted(() -> followOn(told, listener));
        followers.add(follower);
        follower.start();
        return () -> {
            followers.remove(follower);
            follower.interrupt();
        };
    }

    /** Tells the listener now, on this thread; its failure is logged and nothing more. */
    public void tell(Consumer<T> listener, T value) {
        try {
            listener.accept(value);
        } catch (RuntimeException e) {
            log.error("a listener failed follows={}", name, e);
        }
    }

    /** Ends all followers. */
    @Override
    public void close() {
        followers.forEach(Thread::interrupt);
        followers.clear();
    }

    private void followOn(long alreadyTold, Consumer<T> listener) {
        long told = alreadyTold;
        try {
            while (true) {
                Version<T> next = next(told);
                if (!followers.contains(Thread.currentThread())) {
                    return; // a version that came with the interrupt
                }
                told = next.number;
                tell(listener, next.value);
            }
        } catch (InterruptedException e) {
            log.debug("no longer followed name={}", name);
        }
    }

    private Version<T> next(long told) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (present.number <= told) {
                changed.await();
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    /** One state of the value. */
    public record Version<T>(long number, T value) {}
}
