package io.longline.stores;

/** A Redis and a replica of it, which can be made to lag and then to take its place. */
public final class EmbeddedRedisPair implements AutoCloseable {
    /** A master tells each second how far it is, and begins to fill a replica at once. */
    private final EmbeddedRedis master = EmbeddedRedis.temporary(
            "--repl-ping-replica-period", "1", "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");

    private final EmbeddedRedis replica = EmbeddedRedis.temporary();

    /** Returns when both serve and the replica is in step. */
    public EmbeddedRedisPair start() {
        master.start();
        replica.start();
        replica.follow(master);
        return this;
    }

    /** From now on the replica has nothing of what is written, until it is in the master's place. */
    public void lag() {
        replica.lagBehind(master);
    }

    /** Kills the master and promotes the replica, with what that has. */
    public void failOver() {
        master.kill();
        replica.resume();
        replica.promote();
    }

    /** The one that is the master until {@link #failOver}. */
    public EmbeddedRedis master() {
        return master;
    }

    public EmbeddedRedis replica() {
        return replica;
    }

    /** Both, separated by a comma. */
    public String uris() {
        return master.uri() + "," + replica.uri();
    }

    @Override
    public void close() {
        replica.close();
        master.close();
    }
}
