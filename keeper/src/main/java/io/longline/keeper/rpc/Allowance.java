package io.longline.keeper.rpc;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts requests and their bytes against a limit. From any thread, without a lock. */
public final class Allowance {
    private final RpcConfig.Limit limit;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    public Allowance(RpcConfig.Limit limit) {
        this.limit = limit;
    }

    /** Takes one request if it fits. One that is larger than the whole limit fits when nothing else is there. */
    public boolean tryTake(long size) {
        if (requests.incrementAndGet() > limit.requests()) {
            requests.decrementAndGet();
            return false;
        }
        long total = bytes.addAndGet(size);
        if (total > limit.bytes() && total != size) {
            give(1, size);
            return false;
        }
        return true;
    }

    public void give(int count, long size) {
        bytes.addAndGet(-size);
        requests.addAndGet(-count);
    }

    public int requests() {
        return requests.get();
    }

    public long bytes() {
        return bytes.get();
    }
}
