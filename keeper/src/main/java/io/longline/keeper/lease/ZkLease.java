package io.longline.keeper.lease;

import io.longline.keeper.discovery.ZkSession;

/** A lease as its holder sees it; {@link ZkLeases} revokes it when the connection is lost. */
final class ZkLease implements Lease {

    private final ZkSession session;
    private final ZkLeases leases;
    private final String path;
    private final long fencing;
    private volatile boolean revoked;

    ZkLease(ZkSession session, ZkLeases leases, String path, long fencing) {
        this.session = session;
        this.leases = leases;
        this.path = path;
        this.fencing = fencing;
    }

    @Override
    public long fencing() {
        return fencing;
    }

    @Override
    public boolean valid() {
        if (!revoked && !session.connected()) {
            revoked = true;
        }
        return !revoked;
    }

    @Override
    public void close() {
        revoked = true;
        leases.giveBack(this);
    }

    void revoke() {
        revoked = true;
    }

    String path() {
        return path;
    }
}
