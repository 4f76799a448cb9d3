package io.longline.room.transport.door;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files this process may have open; Java has raised that to all it may take when it started. */
public final class OpenFiles {
    /** For jars, logs, the stores of metrics and the connections to other services. */
    private static final int OWN = 1_000;

    private OpenFiles() {}

    /** What is left for connections: 1,000 less than the limit, but at least half of it. */
    public static int forConnections() {
        return forConnections(limit());
    }

    static int forConnections(long limit) {
        return (int) Math.min(DoorConfig.MOST, Math.max(limit - OWN, limit / 2));
    }

    private static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : DoorConfig.MOST;
    }
}
