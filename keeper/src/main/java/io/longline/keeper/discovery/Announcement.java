package io.longline.keeper.discovery;

/** This process as the others see it. Safe for use by many threads. */
public interface Announcement extends AutoCloseable {

    /** What the others shall see from now on. Does not wait: while ZooKeeper is away the newest is kept for later. */
    void update(Node node);

    /**
     * Called when our ZooKeeper session was lost, and our node with it, and a new one has begun: before we are announced
     * again. A listener that gives us a new incarnation calls {@link #update}. One listener; on a thread of the
     * announcement's own.
     */
    void onLost(Runnable listener);

    /** Withdraws: our node is gone when this returns, or soon if ZooKeeper is away. */
    @Override
    void close();
}
