package io.longline.keeper.net;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files this process may have open; Java has raised that to all it may take when it started. Connections are files. */
public final class OpenFiles {
    /** For jars, logs, the stores of metrics and the connections to other services. */
    private static final int OWN = 1_000;

    private OpenFiles() {}

    /** For the connections of clients, where those are what the process is for: 1,000 less than the limit, but at least half of it; and at most {@code most}. */
    public static int forClients(int most) {
        return forClients(limit(), most);
    }

    static int forClients(long limit, int most) {
        return (int) Math.min(most, Math.max(limit - OWN, limit / 2));
    }

    /** For one port beside others: a third of the limit, and at most {@code most}. */
    public static int forPort(int most) {
        return forPort(limit(), most);
    }

    static int forPort(long limit, int most) {
        return Math.clamp(limit / 3, 1, most);
    }

    /** How many more may be opened now. Looks through those that are open. */
    public static long left() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return Long.MAX_VALUE;
        }
        try {
            return system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
        } catch (InternalError e) { // The look itself needs one.
            return 0;
        }
    }

    private static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
