package io.longline.keeper.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lease that is kept from one piece of work to the next. Where the work fails it is to be given back: this process may be cut off from
 * what the work needs, and another one not. Used by one thread.
 */
public final class KeptLease {
    private final Supplier<Optional<Lease>> leases;
    private @Nullable Lease held;
    private long sinceNanos;

    /** @param leases asks for it, without waiting for another holder */
    public KeptLease(Supplier<Optional<Lease>> leases) {
        this.leases = leases;
    }

    /** The one that is held, or else asked for now; empty where another process has it. */
    public Optional<Lease> get() {
        if (held == null || !held.valid()) {
            giveBack();
            held = leases.get().orElse(null);
            sinceNanos = System.nanoTime();
        }
        return Optional.ofNullable(held);
    }

    boolean isHeldFor(Duration time) {
        return System.nanoTime() - sinceNanos >= time.toNanos();
    }

    /** The work failed. A thread that was interrupted is being closed, and gives the lease back at its end: ZooKeeper cannot be told before. */
    public void failed() {
        if (!Thread.currentThread().isInterrupted()) {
            giveBack();
        }
    }

    /** Safe to repeat; it may be asked for again. Who wants others to have their turn waits for longer than they do. */
    public void giveBack() {
        Lease last = held;
        held = null;
        if (last != null) {
            last.close();
        }
    }
}
