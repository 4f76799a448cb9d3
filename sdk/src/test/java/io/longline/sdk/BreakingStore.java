package io.longline.sdk;

import io.longline.sdk.state.MemoryStateStore;
import io.longline.sdk.state.StateStore;
import java.util.SortedMap;

/** An app's own store, which takes nothing while it is broken. */
final class BreakingStore implements StateStore {
    private final StateStore store = new MemoryStateStore();
    private volatile boolean broken;

    void broken(boolean now) {
        broken = now;
    }

    private StateStore whole() {
        if (broken) {
            throw new IllegalStateException("the store is broken");
        }
        return store;
    }

    @Override
    public long finished(String endpoint) {
        return store.finished(endpoint);
    }

    @Override
    public long handling(String endpoint) {
        return store.handling(endpoint);
    }

    @Override
    public void begin(String endpoint, long seq) {
        whole().begin(endpoint, seq);
    }

    @Override
    public void finish(String endpoint, long seq) {
        whole().finish(endpoint, seq);
    }

    @Override
    public SortedMap<Long, String> pulls(String endpoint) {
        return store.pulls(endpoint);
    }

    @Override
    public void keepPull(String endpoint, long seq, String pull) {
        whole().keepPull(endpoint, seq, pull);
    }

    @Override
    public void forgetPull(String endpoint, long seq) {
        whole().forgetPull(endpoint, seq);
    }
}
