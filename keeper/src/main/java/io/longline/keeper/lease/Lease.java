package io.longline.keeper.lease;

/** The right to be the only one at something, until it is closed or the connection to ZooKeeper is in doubt. */
public interface Lease extends AutoCloseable {

    /** Greater than that of every former holder. A store that remembers the greatest one seen can refuse a stale holder. */
    long fencing();

    /**
     * Whether the lease is still ours; once false it stays so. Ask before each step of the work. A process that was
     * stopped may read true for a moment after it wakes: what must never happen twice needs the fencing number too.
     */
    boolean valid();

    /** Gives it back. Safe to repeat. */
    @Override
    void close();
}
