package io.longline.room.transport.door;

/** What a socket holds while it is in, to be given back. All sockets of one address share one. */
public final class Pass {
    /** Of whom nobody counts. */
    static final Pass UNCOUNTED = new Pass(0);

    final long site;
    /** Only changed where {@link Visits} lets nobody else do so. */
    int open;

    Pass(long site) {
        this.site = site;
    }
}
