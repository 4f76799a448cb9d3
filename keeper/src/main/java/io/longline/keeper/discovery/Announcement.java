package io.longline.keeper.discovery;

/** This process as the others see it. Safe for use by many threads. */
public interface Announcement extends AutoCloseable {

    /** What the others shall see from now on. Does not wait: while ZooKeeper is away the newest is kept for later. */
    void update(Node node);

    /**
     * Called when our node was lost, with our ZooKeeper session or because somebody deleted it, and ZooKeeper is there: before we
     * are announced again. Others may have taken us for gone. A listener that gives us a new incarnation calls {@link #update}. One
     * listener; on a thread of the announcement's own.
     */
    void onLost(Runnable listener);

    /** Whether what we announce can be seen, as far as we know: ZooKeeper is there, and no other process has our name. */
    boolean visible();

    /** Withdraws: our node is gone when this returns, or soon if ZooKeeper is away. */
    @Override
    void close();
}
